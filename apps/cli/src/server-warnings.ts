import type { ServerStatus } from "@codemode/core";

/** Of more than these the number tells enough. */
const MAX_NAMES = 5;

/**
 * What to say of servers that failed: each in full, or, where a text is given (a tool, a program),
 * those that it mentions. Of others the names do, for every command tells them; of one alone all.
 */
export function serverWarnings(
  servers: readonly ServerStatus[],
  mentions: string | undefined,
): readonly string[] {
  const failed = servers.filter(({ status }) => status === "failed");
  const words = new Set(wordsOf(mentions ?? ""));
  const isTold = ({ name }: ServerStatus): boolean =>
    failed.length === 1 ||
    mentions === undefined ||
    wordsOf(withoutPath(name)).every((word) => words.has(word));
  const told = failed.filter(isTold).flatMap(({ error }) => (error ? [error.message] : []));
  const others = failed.filter((server) => !isTold(server)).map(({ name }) => name);
  return others.length === 0 ? told : [...told, countOf(others)];
}

function countOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  const list = names.slice(0, MAX_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
  const what = `${names.length} ${names.length === 1 ? "server" : "servers"} cannot be used`;
  return `${what}: ${list}. Why: codemode doctor`;
}

/** A file that cannot be read has its path for a name. */
function withoutPath(name: string): string {
  return name.replace(/^.*\/(.+)\.ya?ml$/u, "$1");
}

/** A program writes `my-server` as `my_server`. */
function wordsOf(text: string): readonly string[] {
  return text.split(/[^a-z0-9]+/iu).filter((word) => word !== "");
}
