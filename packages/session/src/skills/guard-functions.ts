import type { JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { HostFunction } from "@codemode/sandbox";
import { skillIdentifier } from "@codemode/skills";

import { isObject, positional } from "../host-arguments.ts";
import { skillName } from "./skill-chain.ts";
import type { SkillRules } from "./skill-rules.ts";

/** What changes things beside tools: a skill's lists decide on it as if it were tools of these names. */
const CHANGES = [
  ...["create", "save", "update", "delete", "rollback"].map((method) => `skills.${method}`),
  ...["add", "remove", "sync"].map((method) => `deps.${method}`),
];

type HostFunctions = { readonly [name: string]: HostFunction };

/** Host functions that refuse skills what their lists do not let them do. */
export function guardFunctions(functions: HostFunctions, rules: SkillRules): HostFunctions {
  const guarded = CHANGES.flatMap((name): readonly (readonly [string, HostFunction])[] => {
    const run = functions[name];
    if (!run) return [];
    return [
      [
        name,
        async (args, options) => {
          const { skills: chain } = options;
          if (chain !== undefined) {
            rules.check(chain, name);
            if (name.startsWith("skills.")) checkOthers(rules, chain, nameIn(args));
          }
          return run(args, options);
        },
      ],
    ];
  });
  return { ...functions, ...Object.fromEntries(guarded) };
}

/** A skill whose tools are limited could give itself other limits. */
function checkOthers(rules: SkillRules, chain: string, target: string): void {
  const key = skillIdentifier(target).toLowerCase();
  const ids = chain.split(">").filter((id) => rules.isLimited(id));
  const own = ids.map(skillName).find((name) => skillIdentifier(name).toLowerCase() === key);
  if (own === undefined) return;
  const message = `Skill "${own}" may not change itself while it runs: its tools are limited. Change it from the program.`;
  throw new CodemodeError("TOOL_DENIED", message, {
    tool: `skills.${own}`,
    details: { skill: own },
  });
}

function nameIn(args: JsonValue): string {
  const [first] = positional(args);
  const name = isObject(first) ? (first["skill_name"] ?? first["name"]) : first;
  return typeof name === "string" ? name : "";
}
