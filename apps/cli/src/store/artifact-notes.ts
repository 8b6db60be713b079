import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { JsonObject } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { ArtifactEntry, SaveArtifactOptions } from "@codemode/storage";
import { z } from "zod";

import { statIfThere } from "../stat-if-there.ts";
import { writeWhole } from "./folder-files.ts";

/** What is known of artifacts besides their bytes, by name: `.artifacts.json` in their folder. */
const notesSchema = z.record(
  z.string(),
  z.looseObject({
    description: z.string().optional(),
    metadata: z.record(z.string(), z.json()).optional(),
    content_type: z.string().optional(),
  }),
);
interface Note {
  readonly description?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly content_type?: string | undefined;
}

const FILE = ".artifacts.json";

/** No file says nothing. `CONFIG_INVALID` where it cannot be read. */
export async function readNotes(folder: string): Promise<ReadonlyMap<string, Note>> {
  const path = join(folder, FILE);
  if (!(await statIfThere(path))) return new Map();
  try {
    const text = await readFile(path, "utf8");
    const notes: Readonly<Record<string, Note>> = notesSchema.parse(JSON.parse(text));
    return new Map(Object.entries(notes));
  } catch (error) {
    const message = `${FILE} is not what it should be: { "name": { "description": "...", "metadata": {} } }. Correct or remove it.`;
    throw new CodemodeError("CONFIG_INVALID", message, { cause: error });
  }
}

/** Adds what is known of these to what the file says of others. */
export async function addNotes(folder: string, entries: readonly ArtifactEntry[]): Promise<void> {
  const notes = new Map(await readNotes(folder));
  for (const { name, description, metadata, contentType } of entries)
    notes.set(name, { description, metadata, content_type: contentType });
  const text = JSON.stringify(Object.fromEntries(notes), undefined, 2);
  await writeWhole(join(folder, FILE), Buffer.from(`${text}\n`));
}

/** What a file is saved with: what its note says, else what the version before it had. */
export function withNotes(
  note: Note | undefined,
  before: ArtifactEntry | undefined,
): SaveArtifactOptions {
  const description = note?.description ?? before?.description;
  const metadata = note?.metadata ?? before?.metadata;
  return {
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(note?.content_type === undefined ? {} : { contentType: note.content_type }),
  };
}
