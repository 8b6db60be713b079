import { createReadStream } from "node:fs";
import { basename } from "node:path";

import { CodemodeError } from "@codemode/core";

import { mediaTypeOf } from "../media-type.ts";
import { openArtifacts } from "../open-artifacts.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson } from "../output.ts";
import { statIfThere } from "../stat-if-there.ts";

/** Saves a file, chunk by chunk. */
export async function run([given]: readonly unknown[], options: GlobalOptions): Promise<number> {
  const file = String(given);
  const { name = file === "-" ? undefined : basename(file), description, ttl } = options;
  if (name === undefined) {
    const message = "Standard input has no name of its own: give one with --name.";
    throw new CodemodeError("INVALID_ARGUMENTS", message);
  }
  if (file !== "-") await checkFile(file);
  await using opened = await openArtifacts(options);
  const source = file === "-" ? process.stdin : readChunks(file);
  const entry = await opened.artifacts.save(name, source, {
    contentType: options.type ?? mediaTypeOf(name),
    ...(description === undefined ? {} : { description }),
    ...(ttl === undefined ? {} : { ttlSeconds: ttl }),
  });
  if (options.json) printJson(entry);
  else print(`${entry.name}  v${entry.version}  ${entry.size} bytes  ${entry.contentType}`);
  return EXIT.ok;
}

/** Opened when it is first read: where nothing is saved, no stream is left behind. */
async function* readChunks(file: string): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterable<Uint8Array> = createReadStream(file);
  yield* chunks;
}

async function checkFile(file: string): Promise<void> {
  const found = await statIfThere(file);
  if (found?.isFile() === true) return;
  const what = found === undefined ? "There is no file" : "This is no file:";
  throw new CodemodeError("INVALID_ARGUMENTS", `${what} ${JSON.stringify(file)}.`);
}
