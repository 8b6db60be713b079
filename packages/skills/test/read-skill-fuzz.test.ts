import { isCodemodeError } from "@codemode/core";
import { array, assert, asyncProperty, constantFrom, record } from "fast-check";
import { expect, test } from "vitest";

import { readSkill } from "../src/read-skill.ts";

const WORDS = [
  ...`--- name: description: x : - [ ] { } & * ! | > ' " # export function default const type`.split(
    " ",
  ),
  ..."interface = => ( ) , ? ... <T> /** */ @param @tags é 😀 ` ${ z.object( .min( enum class".split(
    " ",
  ),
  "\t",
  "\ud800",
  "\n",
  "---\n",
  "name: x\n",
  "description: y\n",
  "export function x(a: string) {}\n",
];

test("whatever the files hold, a skill is read or refused as SKILL_INVALID", async () => {
  const text = array(constantFrom(...WORDS), { maxLength: 40 }).map((parts) => parts.join(" "));

  await assert(
    asyncProperty(record({ md: text, code: text }), async ({ md, code }) => {
      const shapes: readonly Readonly<Record<string, string>>[] = [
        { "SKILL.md": md },
        { "x.ts": code },
        { "SKILL.md": `---\nname: x\ndescription: y\n${md}\n---\n`, "scripts/x.ts": code },
      ];

      const results = await Promise.allSettled(
        shapes.map((files) => readSkill({ name: "x", files })),
      );

      for (const result of results) {
        if (result.status === "fulfilled") continue;
        expect(result.reason).toSatisfy((error) => isCodemodeError(error, "SKILL_INVALID"));
        // What is wrong, then what to do.
        expect(result.reason.message).toMatch(/^Skill "x"[^]*[.:] [^]+\.$|\.$|\}$/);
      }
    }),
    { numRuns: 300 },
  );
});
