// Starts a service that gives its own UTCP manual, and runs one program against three manuals.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { createSessionFromConfig } from "@codemode/config";

import { startWeather } from "./weather-server.ts";

const key = "a-key-that-programs-never-see";
const folder = await mkdtemp(join(tmpdir(), "codemode-utcp-"));
await using weather = await startWeather(key);
await using codemode = await createSessionFromConfig({
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  // A manual's variables begin with its name.
  env: {
    weather_ORIGIN: weather.origin,
    weather_API_KEY: key,
    notes_NODE: process.execPath,
    notes_FILE: join(folder, "memory.jsonl"),
  },
});
for (const { name, status } of codemode.servers) process.stderr.write(`${name}: ${status}\n`);

const program = await readFile(new URL("program.txt", import.meta.url), "utf8");
const result = await codemode.session.execute(program);
await rm(folder, { recursive: true });
process.stdout.write(`${JSON.stringify(result.ok ? result.value : result.error, null, 2)}\n`);
process.exitCode = result.ok ? 0 : 1;
