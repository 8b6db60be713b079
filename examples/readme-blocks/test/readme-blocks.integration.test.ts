import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { collectBlocks } from "../src/collect-blocks.ts";
import type { Block } from "../src/collect-blocks.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const blocks = collectBlocks(root);
const modules = blocks.filter(({ fence }) => fence === "ts" || fence === "ts types");
const programs = blocks.filter(({ fence }) => fence === "ts program");
const commands = blocks
  .filter(({ fence }) => fence === "bash")
  .flatMap(({ origin, text }) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("codemode "))
      .map((line) => ({ origin, line })),
  );

// Inside this package, so that the blocks' imports resolve as they do for a user who installed them.
const blockFolder = fileURLToPath(new URL("../.blocks", import.meta.url));
const fileOf = (block: Block): string => `${block.origin.replaceAll(/[^a-z0-9]+/gi, "-")}.ts`;
let workFolder = "";

beforeAll(() => {
  rmSync(blockFolder, { recursive: true, force: true });
  mkdirSync(blockFolder, { recursive: true });
  for (const block of modules) {
    writeFileSync(join(blockFolder, fileOf(block)), `${block.text}\nexport {};\n`);
  }
  workFolder = mkdtempSync(join(tmpdir(), "codemode-blocks-"));
  writeFileSync(join(workFolder, "notes.txt"), "one\ntwo\n");
  writeFileSync(join(workFolder, "codemode.config.json"), JSON.stringify(createConfig(workFolder)));
});

afterAll(() => {
  rmSync(blockFolder, { recursive: true, force: true });
  rmSync(workFolder, { recursive: true, force: true });
});

function createConfig(folder: string): unknown {
  const require = createRequire(import.meta.url);
  const server = (name: string): string => {
    const manifest = require.resolve(`@modelcontextprotocol/server-${name}/package.json`);
    return join(dirname(manifest), "dist/index.js");
  };
  const env = { MEMORY_FILE_PATH: join(folder, "memory.jsonl") };
  return {
    mcpServers: {
      filesystem: { command: process.execPath, args: [server("filesystem"), folder], cwd: folder },
      memory: { command: process.execPath, args: [server("memory")], env },
    },
  };
}

interface Outcome {
  readonly code: number;
  readonly output: string;
}

function run(command: string, args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    // What a command writes into a user's own files is not the machine's.
    const env = { ...process.env, HOME: workFolder, XDG_CONFIG_HOME: workFolder };
    const child = execFile(
      command,
      args,
      { cwd, env, timeout: 150_000 },
      (error, stdout, stderr) => {
        resolve({ code: error ? (child.exitCode ?? 1) : 0, output: stdout + stderr });
      },
    );
    child.stdin?.end();
  });
}

test("the documentation has blocks of each kind", () => {
  expect(modules.length).toBeGreaterThan(3);
  expect(programs.length).toBeGreaterThan(0);
  expect(commands.length).toBeGreaterThan(3);
});

test("every TypeScript block of the documentation type-checks", async () => {
  const config = {
    extends: "../../../tsconfig.base.json",
    include: ["*.ts"],
    compilerOptions: { noUnusedLocals: false },
  };
  writeFileSync(join(blockFolder, "tsconfig.json"), JSON.stringify(config));

  const outcome = await run(join(bin, "tsc"), ["-p", "tsconfig.json"], blockFolder);

  expect(outcome).toEqual({ code: 0, output: "" });
});

describe("every TypeScript block runs to its end", () => {
  test.for(modules.filter(({ fence }) => fence === "ts"))("$origin", async (block) => {
    const outcome = await run(process.execPath, ["--no-warnings", fileOf(block)], blockFolder);

    expect(outcome).toMatchObject({ code: 0 });
  });
});

describe("every program block runs with codemode", () => {
  test.for(programs)("$origin", async ({ text }) => {
    const outcome = await run(join(bin, "codemode"), ["run", "-c", text], workFolder);

    expect(outcome).toMatchObject({ code: 0 });
  });
});

describe("every command of the documentation exits with 0", () => {
  test.for(commands)("$origin $line", async ({ line }) => {
    const shellLine = `PATH=${JSON.stringify(bin)}:$PATH; ${line}`;
    // It writes no second config beside the first.
    const isInit = line.startsWith("codemode init");
    const folder = isInit ? mkdtempSync(join(workFolder, "new-")) : workFolder;
    const outcome = await run("/bin/sh", ["-c", shellLine], folder);

    expect(outcome).toMatchObject({ code: 0 });
  });
});
