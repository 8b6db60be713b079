import { describe, expect, test } from "vitest";

import { readSkill } from "../src/read-skill.ts";

const BATCH = `/** Process all files in a directory. */
import { read_file } from "generated/servers/filesystem";

interface Options { /** How many at once. */ parallel?: number; mode: "fast" | "safe" }

/**
 * Process all files in a directory.
 *
 * @param input_dir - Input directory path.
 * @param {string} output_dir Output directory path.
 * @tags file, batch
 * @status draft
 */
export async function batch_process(
  input_dir: string,
  output_dir: string,
  options: Options = { mode: "safe" },
  ...globs: string[]
): Promise<Record<string, number>> {
  return { processed: 1 };
}
`;

describe("a single file", () => {
  test("tells its description, tags, status and parameters by its text", async () => {
    const skill = await readSkill({
      name: "batch_process",
      files: { "batch_process.ts": BATCH },
    });

    expect(skill).toMatchObject({
      name: "batch_process",
      form: "file",
      description: "Process all files in a directory.",
      tags: ["file", "batch"],
      statedStatus: "draft",
      diagnostics: [],
    });
    expect(skill.entry?.exportName).toBe("batch_process");
    expect(skill.entry?.call).toEqual({
      style: "positional",
      names: ["input_dir", "output_dir", "options", "globs"],
      rest: true,
    });
    expect(skill.entry?.parameters).toEqual({
      type: "object",
      properties: {
        input_dir: { type: "string", description: "Input directory path." },
        output_dir: { type: "string", description: "Output directory path." },
        options: {
          type: "object",
          properties: {
            parallel: { type: "number", description: "How many at once." },
            mode: { enum: ["fast", "safe"] },
          },
          required: ["mode"],
          default: { mode: "safe" },
        },
        globs: { type: "array", items: { type: "string" } },
      },
      required: ["input_dir", "output_dir"],
      additionalProperties: false,
    });
    expect(skill.signature).toBe(
      'batch_process(input_dir: string, output_dir: string, options: Options = { mode: "safe" }, ...globs: string[]): Promise<Record<string, number>>',
    );
  });

  test("may take one object, and give its parameters itself", async () => {
    const taken = await readSkill({
      name: "greet",
      files: {
        "greet.ts":
          "/** Greets. */\nexport default async ({ name, times = 2 }: { name: string; times?: number }) => name;",
      },
    });
    const zod = await readSkill({
      name: "greet",
      files: {
        "greet.ts": `import { z } from "zod";
          export const parameters = z.object({
            name: z.string().min(1).describe("Whom."),
            kind: z.enum(["a", "b"]).default("a"),
            list: z.array(z.number()).optional(),
          });
          /** Greets. */
          export const run = (args: unknown) => args;`,
      },
    });

    expect(taken.entry).toMatchObject({
      exportName: "default",
      call: { style: "object" },
      parameters: {
        type: "object",
        properties: { name: { type: "string" }, times: { type: "number", default: 2 } },
        required: ["name"],
      },
    });
    expect(zod.entry).toMatchObject({
      exportName: "run",
      call: { style: "object" },
      parameters: {
        properties: {
          name: { type: "string", minLength: 1, description: "Whom." },
          kind: { enum: ["a", "b"], default: "a" },
          list: { type: "array", items: { type: "number" } },
        },
        required: ["name"],
      },
    });
  });

  test.each([
    ["export const x = ;", "line 1", "Correct the code"],
    ["/** A. */\nfunction s() {}", "not exported", 'Write "export"'],
    ["/** A. */\nexport const x = 1;", "exports no function", "export async function s("],
    ["/** A. */\nexport function a() {}\nexport function b() {}", "none of them", "Rename one"],
    ["export function s() {}", "no description", "doc comment"],
    ["def run(url: str) -> dict:\n    return 1", "looks like Python", "TypeScript"],
  ])("that is wrong is refused with where and what to do: %s", async (source, where, next) => {
    const read = readSkill({ name: "s", files: { "s.ts": source } });

    await expect(read).rejects.toMatchObject({
      code: "SKILL_INVALID",
      message: expect.stringContaining(where),
    });
    await expect(read).rejects.toMatchObject({ message: expect.stringContaining(next) });
  });

  test("whose types grow beyond measure is read all the same", async () => {
    const types = Array.from(
      { length: 12 },
      (_, n) => `type T${n} = { a: T${n + 1}; b: T${n + 1}; c: T${n + 1}; d: T${n} };`,
    ).join("\n");

    const skill = await readSkill({
      name: "deep",
      files: {
        "deep.ts": `${types}\ntype T12 = T0;\n/** Deep. */\nexport function deep(a: T0, b: Foreign) {}`,
      },
    });

    expect(skill.entry?.parameters).toMatchObject({ properties: { b: {} } });
  });

  test("that is nested too deeply is refused and ends no process", async () => {
    const source = `/** A. */ export function s() { return ${"[".repeat(60_000)}${"]".repeat(60_000)}; }`;

    await expect(readSkill({ name: "s", files: { "s.ts": source } })).rejects.toMatchObject({
      code: "SKILL_INVALID",
      message: expect.stringContaining("nested too deeply"),
    });
  });
});
