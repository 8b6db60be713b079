import type { ConfigSession } from "@codemode/config";
import { createSessionFromConfig } from "@codemode/config";
import { isCodemodeError } from "@codemode/core";

import { checkServer } from "../check-server.ts";
import type { Check } from "../check.ts";
import { checkNode, failedCheck } from "../check.ts";
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
      for (const { message } of check.server?.problems ?? []) print(`       note: ${message}`);
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
    checks.push(...(await checkSandbox(opened)), ...(await checkStorage(opened)));
    const { config: settings, imported, session } = opened;
    const { registry } = session;
    const context = { config: settings, imported, registry };
    checks.push(
      ...(await Promise.all(opened.servers.map((server) => checkServer(server, context)))),
    );
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

/** Skills and artifacts are kept in it; a program finds out only when it needs them. */
async function checkStorage({ config, file, session }: ConfigSession): Promise<readonly Check[]> {
  const type = config.storage?.type ?? (file === undefined ? "memory" : "file");
  const { url, nodes = [url] } = config.storage ?? {};
  // Where it is says what to look at; the rest of the url is secret.
  const hosts = nodes.flatMap((node) =>
    node !== undefined && URL.canParse(node) ? [new URL(node).host] : [],
  );
  const name = `storage ${type}${hosts.length > 0 ? ` at ${hosts.join(", ")}` : ""}`;
  try {
    await session.artifacts?.list({ limit: 1 });
    const message = type === "memory" ? "keeps skills and artifacts until the end" : "answers";
    return [{ name, ok: true, message }];
  } catch (error) {
    if (!isCodemodeError(error)) throw error;
    const remedy = 'Correct "storage" in the config, or start what it names; then check again.';
    return [{ name, ok: false, message: error.message, remedy }];
  }
}
