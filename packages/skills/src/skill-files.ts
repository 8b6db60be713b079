import { createHash } from "node:crypto";

import { skillInvalid } from "./skill-error.ts";
import type { SkillFiles } from "./skill.ts";

/** As the MCP Skills extension has them. */
export const MAX_SKILL_FILES = 512;
/** All files of one skill. */
export const MAX_SKILL_BYTES = 16 * 1024 * 1024;

const MAX_PATH_LENGTH = 255;
const MAX_PATH_DEPTH = 8;
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/** The files as a map, checked; text where the bytes are UTF-8. `SKILL_INVALID`. */
export function readSkillFiles(
  skill: string,
  files: SkillFiles | Readonly<Record<string, string | Uint8Array>>,
): SkillFiles {
  const entries = files instanceof Map ? [...files] : Object.entries(files);
  if (entries.length > MAX_SKILL_FILES) {
    throw skillInvalid(
      { skill },
      `it has ${entries.length} files, at most ${MAX_SKILL_FILES} are possible. Leave some out.`,
    );
  }
  const seen = new Set<string>();
  let bytes = 0;
  for (const [path, content] of entries) {
    const problem = pathProblem(path);
    if (problem !== undefined) throw skillInvalid({ skill, path }, problem);
    const folded = path.normalize("NFC").toLowerCase();
    if (seen.has(folded)) {
      throw skillInvalid({ skill, path }, "another file differs only in case. Rename one.");
    }
    seen.add(folded);
    bytes += typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;
  }
  if (bytes > MAX_SKILL_BYTES) {
    throw skillInvalid(
      { skill },
      `its files have ${bytes} bytes, at most ${MAX_SKILL_BYTES} are possible. Keep large data elsewhere.`,
    );
  }
  return new Map(
    entries
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, content]) => [path, asText(content)]),
  );
}

/** What is wrong with the path of a file inside a skill. */
function pathProblem(path: string): string | undefined {
  const parts = path.split("/");
  if (path === "" || path.length > MAX_PATH_LENGTH || parts.length > MAX_PATH_DEPTH) {
    return `a path has 1 to ${MAX_PATH_LENGTH} characters and at most ${MAX_PATH_DEPTH} parts. Shorten it.`;
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\\:*?"<>|\u0000-\u001F\u007F\p{Cf}\p{Cs}]/u.test(path)) {
    return "the path has a character that not every file system can keep. Rename the file.";
  }
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    return 'the path leads out of the skill, or is not plain. Write it as "scripts/run.ts".';
  }
  if (parts.some((part) => /[. ]$/.test(part) || DEVICE.test(part))) {
    return "the path has a part that not every file system can keep. Rename the file.";
  }
  return undefined;
}

function asText(content: string | Uint8Array): string | Uint8Array {
  if (typeof content === "string") return content.isWellFormed() ? content : content.toWellFormed();
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    return text.includes("\u0000") ? content : text;
  } catch {
    // Not text: kept as bytes.
    return content;
  }
}

/** `sha256:` over the paths and contents. */
export function skillDigest(files: SkillFiles): string {
  const hash = createHash("sha256");
  for (const path of [...files.keys()].toSorted()) {
    const content = files.get(path) ?? "";
    const bytes = Buffer.from(content);
    hash.update(JSON.stringify([path, bytes.byteLength])).update(bytes);
  }
  return `sha256:${hash.digest("hex")}`;
}
