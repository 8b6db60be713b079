#!/usr/bin/env node
import { enableCompileCache } from "node:module";

const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  process.stderr.write(
    `codemode needs Node 24 or newer; this is Node ${process.versions.node}. Install a newer Node, for example with "npm install node@24" in the project.\n`,
  );
  process.exitCode = 2;
} else {
  enableCompileCache();
  const { exitOnSignals } = await import("./signals.ts");
  exitOnSignals();
  const { runCli } = await import("./program.ts");
  process.exitCode = await runCli(process.argv.slice(2));
}
