import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { CodemodeError } from "@codemode/core";
import type { StartFailure } from "@codemode/sandbox";

import { explainLoad, explainMissing } from "./addon-failures.ts";

let found: string | undefined;

/** The compiled addon for this Node and platform. The child loads it by path and reads nothing else. */
export function addonBinary(): string {
  if (found !== undefined) return found;
  let folder: string | undefined;
  try {
    const entry = createRequire(import.meta.url).resolve("isolated-vm");
    folder = dirname(entry);
    const locate: { readonly path: (folder: string) => string } =
      createRequire(entry)("node-gyp-build");
    found = locate.path(folder);
    return found;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const { reason, remedy } = explainMissing(
      message,
      folder === undefined ? undefined : buildsIn(folder),
    );
    const text = `The isolated-vm sandbox cannot start: ${reason}.`;
    const details = { reason: text, remedy };
    throw new CodemodeError("SANDBOX_UNAVAILABLE", `${text} ${remedy}`, { cause: error, details });
  }
}

/** Why the addon cannot be loaded here; `undefined` where it can. */
export async function explainAddon(): Promise<StartFailure | undefined> {
  const binary = addonBinary();
  const load = "process.dlopen({ exports: {} }, process.argv[1])";
  const told = await new Promise<string | undefined>((resolve) => {
    const options = { env: {}, timeout: LOAD_MS };
    execFile(process.execPath, ["-e", load, binary], options, (error, _stdout, stderr) =>
      resolve(error ? stderr : undefined),
    );
  });
  return told === undefined ? undefined : explainLoad(told, binary);
}

const LOAD_MS = 30_000;

/** Platforms and Node's binary interfaces, as the installed package has them: `linux-x64`, `137`. */
function buildsIn(folder: string): readonly string[] {
  const prebuilds = join(folder, "prebuilds");
  try {
    return readdirSync(prebuilds).flatMap((platform) =>
      readdirSync(join(prebuilds, platform)).map((file) => {
        const abi = /abi(\d+)/.exec(file)?.[1];
        return `${platform} ${abi ?? "any"}`;
      }),
    );
  } catch {
    // A package without builds is one that was to be compiled.
    return [];
  }
}
