// Packs every package, installs the tarballs in an empty folder as a user would, and runs a program
// there: through the library and through the command. What works in the workspace alone fails here.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifestSchema = z.object({ name: z.string(), version: z.string() });

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  });
}

/** Tarballs by package name. */
function packAll(target: string): ReadonlyMap<string, string> {
  const tarballs = new Map<string, string>();
  for (const group of ["packages", "apps"]) {
    for (const folder of readdirSync(join(root, group))) {
      const cwd = join(root, group, folder);
      const { name } = manifestSchema.parse(
        JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")),
      );
      const printed = run("pnpm", ["pack", "--pack-destination", target, "--json"], cwd);
      const { filename } = z.object({ filename: z.string() }).parse(JSON.parse(printed));
      tarballs.set(name, `file:./${basename(filename)}`);
    }
  }
  return tarballs;
}

const program = `
import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import { createSession } from "@codemode/session";

await using registry = createToolRegistry();
registry.addAdapter(createFunctionAdapter({
  name: "math",
  tools: {
    add: {
      description: "Adds two numbers.",
      input: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } } },
      run: ({ a, b }) => a + b,
    },
  },
}));
await registry.discoverAll();
await using sandbox = createIsolatedVmSandbox();
await using session = createSession({ registry, sandbox });
const result = await session.execute("const sum: number = await math.add({ a: 40, b: 2 }); sum");
console.log(JSON.stringify(result.ok ? result.value : result.error));
`;

// What a package may lack without its sandbox's own tests seeing it.
const CONFIGS = {
  jitless: { hardening: "jitless" },
  "local-eval": { sandbox_variant: "local-eval" },
};

function expectOutput(what: string, actual: string, expected: string): void {
  if (!actual.includes(expected)) {
    throw new Error(`${what} printed ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}.`);
  }
  process.stdout.write(`${what}: ok\n`);
}

const folder = mkdtempSync(join(tmpdir(), "codemode-pack-"));
try {
  // A package without its build packs too, and then lacks all that its manifest names.
  run("turbo", ["run", "build", "--output-logs=errors-only"], root);
  const tarballs = Object.fromEntries(packAll(folder));
  // `overrides` makes the packages find each other's tarballs instead of published versions.
  const manifest = { private: true, type: "module", dependencies: tarballs, overrides: tarballs };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "program.mjs"), program);
  run(
    "npm",
    ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"],
    folder,
  );
  expectOutput("library", run(process.execPath, ["program.mjs"], folder), "42");
  const cli = join("node_modules", "@codemode", "cli", "dist", "main.js");
  const printed = run(process.execPath, [cli, "run", "-c", "return 1+1", "--json"], folder);
  expectOutput("command", printed, '"value":2');
  for (const [name, config] of Object.entries(CONFIGS)) {
    writeFileSync(join(folder, "codemode.config.json"), JSON.stringify(config));
    const told = run(process.execPath, [cli, "run", "-c", "typeof process", "--json"], folder);
    const value = name === "local-eval" ? "object" : "undefined";
    expectOutput(name, told, `"value":"${value}"`);
    expectOutput(
      `doctor, ${name}`,
      run(process.execPath, [cli, "doctor"], folder),
      "runs programs",
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
