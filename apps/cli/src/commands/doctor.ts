import type { ConfigSession } from "@codemode/config";
import { createSessionFromConfig } from "@codemode/config";
import { isCodemodeError } from "@codemode/core";

import type { Check } from "../check.ts";
import { checkNode, checkServer, failedCheck } from "../check.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, exitCodeOf, print, printJson, printNote } from "../output.ts";

/** Checks all that a program needs. */
export async function run(_args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const checks: Check[] = [checkNode(process.version, process.allowedNodeEnvironmentFlags)];
  const exitCode = await checkConfig(checks, options);
  if (options.json) printJson({ ok: exitCode === EXIT.ok, checks });
  else {
    for (const check of checks) {
      print(`${check.ok ? "ok    " : "FAILED"} ${check.name}: ${check.message}`);
      if (!check.ok) print(`       ${check.remedy}`);
    }
  }
  return exitCode;
}

async function checkConfig(checks: Check[], options: GlobalOptions): Promise<number> {
  const { config, sandbox } = options;
  try {
    await using opened = await createSessionFromConfig({
      configPath: config,
      onProgress: printNote,
      ...(sandbox === undefined ? {} : { overrides: { sandbox_variant: sandbox } }),
    });
    checks.push({ name: "config", ok: true, message: opened.file ?? "none; the defaults hold" });
    checks.push(...(await checkSandbox(opened)));
    for (const server of opened.servers) checks.push(checkServer(server.name, server));
    return checks.every(({ ok }) => ok) ? EXIT.ok : EXIT.unavailable;
  } catch (error) {
    if (!isCodemodeError(error)) throw error;
    checks.push(failedCheck(error));
    return exitCodeOf(error.code);
  }
}

async function checkSandbox({ sandbox, diagnostics }: ConfigSession): Promise<readonly Check[]> {
  const name = `sandbox ${sandbox.variant}`;
  const probe = await sandbox.probe();
  return [
    probe.ok
      ? { name, ok: true, message: "runs programs" }
      : { name, ok: false, message: probe.reason, remedy: probe.remedy },
    ...diagnostics.map(({ code, message }): Check => ({
      name: code.startsWith("SANDBOX_") ? name : "config",
      ok: true,
      message,
    })),
  ];
}
