import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

import { CodemodeError, escapeTerminalText } from "@codemode/core";
import type { ArtifactStore, ArtifactStream, ReadArtifactOptions } from "@codemode/storage";

import { openArtifacts } from "../open-artifacts.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, printJson, printNote } from "../output.ts";

/** Writes an artifact's bytes, chunk by chunk. */
export async function run([name]: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openArtifacts(options);
  const { artifacts } = opened;
  const asked = options.at === undefined ? {} : { version: options.at };
  const { output } = options;
  if (output === undefined && options.json) {
    printJson(await toDocument(artifacts, String(name), asked));
    return EXIT.ok;
  }
  const { chunks, ...entry } = await artifacts.stream(String(name), asked);
  if (output === undefined) {
    await writeOut({ chunks, ...entry });
    return EXIT.ok;
  }
  await writeFileWhole(output, chunks);
  if (options.json) printJson({ ...entry, file: output });
  else printNote(`Wrote ${entry.size} bytes to ${output}.`);
  return EXIT.ok;
}

async function toDocument(
  artifacts: ArtifactStore,
  name: string,
  asked: ReadArtifactOptions,
): Promise<object> {
  const { entry, data } = await artifacts.part(name, asked);
  return typeof data === "string"
    ? { ...entry, text: data }
    : { ...entry, base64: Buffer.from(data).toString("base64") };
}

/** A terminal shows text, with nothing in it that steers it; everything else gets the bytes. */
async function writeOut({ chunks, kind, name }: ArtifactStream): Promise<void> {
  if (!process.stdout.isTTY) {
    try {
      await pipeline(chunks, process.stdout, { end: false });
    } catch (error) {
      // Whoever read has read enough.
      if (!isSystemError(error) || error.code !== "EPIPE") throw error;
    }
    return;
  }
  if (kind === "bytes") {
    const message = `${JSON.stringify(name)} is binary: not for a terminal. Write it to a file with -o, or pipe it on.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message);
  }
  const decoder = new TextDecoder();
  for await (const chunk of chunks)
    process.stdout.write(escapeTerminalText(decoder.decode(chunk, { stream: true })));
  process.stdout.write("\n");
}

/** Under another name first: a file of that name is whole or not there. */
async function writeFileWhole(file: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const unfinished = `${file}.${randomUUID()}.part`;
  try {
    await pipeline(chunks, createWriteStream(unfinished, { flags: "wx" }));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    if (!isSystemError(error)) throw error;
    const message = `${JSON.stringify(file)} cannot be written (${error.code}). Name another file with -o.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message, { cause: error });
  }
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "syscall" in error && "code" in error;
}
