import { createSessionFromConfig } from "@codemode/config";
import { isCodemodeError } from "@codemode/core";

import type { GlobalOptions } from "../options.ts";
import { EXIT, exitCodeOf, print, printJson, printNote } from "../output.ts";

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  readonly remedy?: string;
}

/** Checks all that a program needs. */
export async function run(_args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const checks: Check[] = [{ name: "node", ok: true, message: process.version }];
  const exitCode = await checkConfig(checks, options);
  if (options.json) printJson({ ok: exitCode === EXIT.ok, checks });
  else {
    for (const { name, ok, message, remedy } of checks) {
      print(`${ok ? "ok    " : "FAILED"} ${name}: ${message}`);
      if (remedy !== undefined) print(`       ${remedy}`);
    }
  }
  return exitCode;
}

async function checkConfig(checks: Check[], options: GlobalOptions): Promise<number> {
  try {
    await using opened = await createSessionFromConfig({
      configPath: options.config,
      onProgress: printNote,
    });
    checks.push({ name: "config", ok: true, message: opened.file ?? "none; the defaults hold" });
    for (const { message } of opened.diagnostics)
      checks.push({ name: "config", ok: true, message });
    const probe = await opened.sandbox.probe();
    const variant = `sandbox ${opened.sandbox.variant}`;
    checks.push(
      probe.ok
        ? { name: variant, ok: true, message: "runs programs" }
        : { name: variant, ok: false, message: probe.reason, remedy: probe.remedy },
    );
    for (const { name, toolCount, error } of opened.servers) {
      checks.push({
        name: `server ${name}`,
        ok: error === undefined,
        message: error?.message ?? `${toolCount} tools`,
      });
    }
    return checks.every(({ ok }) => ok) ? EXIT.ok : EXIT.unavailable;
  } catch (error) {
    if (!isCodemodeError(error)) throw error;
    checks.push({ name: "config", ok: false, message: error.message });
    return exitCodeOf(error.code);
  }
}
