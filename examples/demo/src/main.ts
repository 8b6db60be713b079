// The main job, for the eye: three real MCP servers, one program, one small answer.
import { rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { styleText } from "node:util";

import { createToolRegistry, escapeTerminalText } from "@codemode/core";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import { createSession } from "@codemode/session";
import { createToolset } from "@codemode/toolset";

import { createServers, createWorkspace } from "./servers.ts";
import { formatTimeline, mostAtOnce } from "./timeline.ts";
import { compareDefinitions } from "./token-report.ts";

// `styleText` prints plain text where the stream is no terminal.
function heading(text: string): void {
  process.stdout.write(`\n${styleText("bold", text, { stream: process.stdout })}\n`);
}

function print(text: string): void {
  process.stdout.write(`${escapeTerminalText(text)}\n`);
}

const workspace = await createWorkspace();
const clean = (): void => rmSync(workspace, { recursive: true, force: true });
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    clean();
    process.exit(signal === "SIGINT" ? 130 : 143);
  });
}
try {
  await using registry = createToolRegistry();
  await using sandbox = createIsolatedVmSandbox();
  await using session = createSession({ registry, sandbox });
  for (const server of createServers(workspace)) registry.addAdapter(server);
  const servers = await registry.discoverAll();

  heading("Servers");
  for (const { name, status, toolCount, latencyMs, error } of servers) {
    const state = error ? error.message : `${toolCount} tools in ${latencyMs?.toFixed(0)} ms`;
    print(`  ${name.padEnd(12)} ${status}: ${state}`);
  }

  const program = await readFile(new URL("../program.ts", import.meta.url), "utf8");
  heading("Program");
  print(program.trimEnd().replaceAll(/^/gm, "  "));

  heading("Logs, as they were written");
  const result = await session.execute(program, {
    onEvent: (event) => {
      if (event.type === "log")
        print(`  ${event.line.atMs.toFixed(0).padStart(4)} ms  ${event.line.text}`);
    },
  });

  const failed = result.calls.filter(({ ok }) => !ok).length;
  heading(
    `Tool calls: ${result.calls.length}, up to ${mostAtOnce(result.calls)} at once, ${failed} failed (x)`,
  );
  print(formatTimeline(result.calls, process.stdout.columns ?? 80));

  heading(result.ok ? `Value, after ${result.durationMs.toFixed(0)} ms` : "The program failed");
  print(result.ok ? JSON.stringify(result.value, null, 2) : JSON.stringify(result.error, null, 2));

  const { direct, codeMode } = compareDefinitions(
    registry.list({ includeDeferred: true }),
    createToolset({ session }),
  );
  heading("Tokens of tool definitions in each request (o200k)");
  print(`  all ${direct.tools} tools handed to the model: ${direct.tokens}`);
  print(`  code mode's ${codeMode.tools} tools, whatever the catalog: ${codeMode.tokens}`);
  process.exitCode = result.ok && servers.every(({ status }) => status === "connected") ? 0 : 1;
} finally {
  clean();
}
