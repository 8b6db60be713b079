// Starts a petstore on this machine, and runs one program against the tools of its OpenAPI document.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { createSessionFromConfig } from "@codemode/config";

import { startPetstore } from "./petstore-server.ts";

const key = "a-key-that-programs-never-see";
await using petstore = await startPetstore(key);
await using codemode = await createSessionFromConfig({
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  env: { PETSTORE_KEY: key, PETSTORE_PORT: String(petstore.port) },
});
for (const { name, status, toolCount } of codemode.servers)
  process.stderr.write(`${name}: ${status}, ${toolCount} tools\n`);

const program = await readFile(new URL("program.txt", import.meta.url), "utf8");
const result = await codemode.session.execute(program);
process.stdout.write(`${JSON.stringify(result.ok ? result.value : result.error, null, 2)}\n`);
process.exitCode = result.ok ? 0 : 1;
