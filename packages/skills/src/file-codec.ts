import { record, string, union, strictObject } from "zod";

import type { BundledFile } from "./skill-store.ts";
import type { SkillFiles } from "./skill.ts";

const bundledFile = union([strictObject({ text: string() }), strictObject({ base64: string() })]);

/** Files as JSON has them. */
export const bundledFiles = record(string(), bundledFile);

/** Files as JSON. */
export function filesToJson(files: SkillFiles): Readonly<Record<string, BundledFile>> {
  return Object.fromEntries(
    [...files].map(([path, content]) => [
      path,
      typeof content === "string"
        ? { text: content }
        : { base64: Buffer.from(content).toString("base64") },
    ]),
  );
}

/** Files of JSON that `bundledFiles` has let pass. */
export function filesFromJson(files: Readonly<Record<string, BundledFile>>): SkillFiles {
  return new Map(
    Object.entries(files).map(([path, file]) => [
      path,
      "text" in file ? file.text : new Uint8Array(Buffer.from(file.base64, "base64")),
    ]),
  );
}
