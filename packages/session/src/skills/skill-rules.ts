import { CodemodeError } from "@codemode/core";
import type { Skill } from "@codemode/skills";

/** What decides about a skill's calls. */
export type SkillRule = Pick<Skill, "name" | "allowedTools" | "deniedTools">;

/** What the skills that were handed out may call. */
export interface SkillRules {
  /** Remembers a version's rules under the id that its calls will carry. */
  add(id: string, skill: SkillRule): void;
  /**
   * `TOOL_DENIED` where one of the skills that make a call may not make it. `chain`: ids with `>`
   * between, as `GuestCall.skills`; an id that was never handed out may call nothing.
   */
  check(chain: string, tool: string): void;
  /** Whether a skill has lists of tools; also of one that was never handed out. */
  isLimited(id: string): boolean;
}

// Versions; each is a few names.
const MAX_RULES = 10_000;

/** Rules of the skills of one session. */
export function createSkillRules(): SkillRules {
  const rules = new Map<string, SkillRule>();
  return {
    add(id, { name, allowedTools, deniedTools }) {
      rules.delete(id);
      rules.set(id, { name, deniedTools, ...(allowedTools ? { allowedTools } : {}) });
      const [oldest] = rules.keys();
      if (rules.size > MAX_RULES && oldest !== undefined) rules.delete(oldest);
    },
    isLimited(id) {
      const { allowedTools, deniedTools } = rules.get(id) ?? { deniedTools: ["*"] };
      return allowedTools !== undefined || deniedTools.length > 0;
    },
    check(chain, tool) {
      for (const id of chain.split(">")) {
        const rule = rules.get(id);
        if (!rule) throw forgotten(id, tool);
        const { allowedTools, deniedTools } = rule;
        const denied = deniedTools.find((pattern) => matches(pattern, tool));
        if (denied !== undefined) {
          throw refused(rule, tool, `its denied-tools name "${denied}"`);
        }
        if (allowedTools && !allowedTools.some((pattern) => matches(pattern, tool))) {
          const names = allowedTools.length === 0 ? "no tool" : allowedTools.join(", ");
          throw refused(rule, tool, `its allowed-tools name ${names}`);
        }
      }
    },
  };
}

/** `server.tool`, `server__tool`, `mcp__server__tool`; a server alone or with `.*` is all it has; `*` is all. */
function matches(pattern: string, tool: string): boolean {
  const plain = pattern.startsWith("mcp__") ? pattern.slice("mcp__".length) : pattern;
  const name = plain.includes(".") ? plain : plain.replace("__", ".");
  if (name === "*" || name === tool) return true;
  const server = name.endsWith(".*") ? name.slice(0, -2) : name;
  return !server.includes("*") && tool.startsWith(`${server}.`);
}

function refused({ name }: SkillRule, tool: string, why: string): CodemodeError {
  const message = `Skill "${name}" may not call "${tool}": ${why}. Call it from the program, or change the skill.`;
  return new CodemodeError("TOOL_DENIED", message, { tool, details: { skill: name } });
}

function forgotten(id: string, tool: string): CodemodeError {
  const message = `"${tool}" was not called: skill "${id.replace(/@.*$/, "")}" was loaded too long ago to know what it may call. Import it again.`;
  return new CodemodeError("TOOL_DENIED", message, { tool });
}
