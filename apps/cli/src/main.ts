#!/usr/bin/env node
// Nothing is imported before the version is known: an older Node would fail at what it has not, without a word of ours.
const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  process.stderr.write(
    `codemode needs Node 24 or newer; this is Node ${process.versions.node}. Install a newer Node, for example with "npm install node@24" in the project.\n`,
  );
  process.exitCode = 2;
} else {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache();
  const { exitOnSignals } = await import("./signals.ts");
  exitOnSignals();
  const { endWithReader } = await import("./closed-output.ts");
  endWithReader();
  const { runCli } = await import("./program.ts");
  process.exitCode = await runCli(process.argv.slice(2));
}

export {};
