import { CodemodeError } from "@codemode/core";

// Skills that called one another, outermost first, by the ids that they were handed out under.

/** Skills that may stand behind each other. */
export const MAX_DEPTH = 16;

/**
 * The skills behind something that a guest did: those that the host knows of (`outer`, the last of
 * which runs in that guest), then those that the guest's marks tell of.
 */
export function skillChain(outer: readonly string[], marks: string | undefined): readonly string[] {
  const told = marks === undefined ? [] : marks.split(">");
  const isOwn = told[0] === outer.at(-1);
  return [...outer, ...(isOwn ? told.slice(1) : told)];
}

/** The name in an id. */
export function skillName(id: string): string {
  return id.replace(/@.*$/s, "");
}

/** `SKILL_CYCLE` where a skill would call itself by way of others, or all of them go too deep. */
export function checkChain(chain: readonly string[]): void {
  const names = chain.map(skillName);
  const last = names.at(-1) ?? "";
  const isCycle = names.indexOf(last) < names.length - 1;
  if (!isCycle && names.length <= MAX_DEPTH) return;
  const [what, advice] = isCycle
    ? ["Skills use each other", "Take what both need into a third skill, or a function of one."]
    : [`Skills use each other more than ${MAX_DEPTH} deep`, "Do more in one."];
  const message = `${what}: ${names.join(" -> ")}. ${advice}`;
  throw new CodemodeError("SKILL_CYCLE", message, { tool: `skills.${last}` });
}
