// Runs one program that calls commands of this machine.
import { fileURLToPath } from "node:url";

import { createSessionFromConfig } from "@codemode/config";

import { PROGRAM } from "./program.ts";

const cwd = fileURLToPath(new URL("..", import.meta.url));
await using codemode = await createSessionFromConfig({ cwd });

const result = await codemode.session.execute(PROGRAM);
process.stdout.write(`${JSON.stringify(result.ok ? result.value : result.error, null, 2)}\n`);
process.exitCode = result.ok ? 0 : 1;
