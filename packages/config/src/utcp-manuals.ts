import type { UtcpConfig } from "@codemode/adapter-utcp";
import type { Diagnostic, QuestionHandlers, ToolRegistry } from "@codemode/core";
import { z } from "zod";

import type { LoadedConfig } from "./load-config.ts";

const text = z.string().min(1);

/** The key `utcp`. Inside, it is what UTCP's own clients read. */
export const utcpSchema = z.union([
  text,
  z.array(text),
  z.looseObject({ manual_call_templates: z.array(z.looseObject({})) }),
]);

/** What manuals are added with. */
export interface UtcpContext {
  readonly loaded: LoadedConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the path in `UTCP_CONFIG_FILE` starts. */
  readonly cwd: string;
  /** Variables that every process gets. */
  readonly identity: Readonly<Record<string, string>>;
  /** Who answers what servers ask. */
  readonly handlers: QuestionHandlers;
}

/**
 * Adds the manuals of `utcp`, and of the file that `UTCP_CONFIG_FILE` names. The package is loaded only
 * where there are any. Rejects with `CONFIG_NOT_FOUND` or `CONFIG_INVALID`; a broken manual fails alone.
 */
export async function addUtcpManuals(
  registry: ToolRegistry,
  context: UtcpContext,
): Promise<readonly Diagnostic[]> {
  const configs = await readConfigs(context);
  if (configs.length === 0) return [];
  const { createUtcpAdapter } = await import("@codemode/adapter-utcp");
  const { onElicit, onSample } = context.handlers;
  const taken = new Set(registry.servers().map(({ name }) => name));
  const diagnostics: Diagnostic[] = [];
  for (const { templates, folder, variables, postProcessing, ...config } of configs) {
    diagnostics.push(...config.diagnostics);
    for (const template of templates) {
      if (taken.has(template.name)) {
        const message = `The manual "${template.name}" is left out: a server of this name is there already. Rename one of them.`;
        diagnostics.push({ code: "MANUAL_SKIPPED", message });
        continue;
      }
      taken.add(template.name);
      const adapter = createUtcpAdapter({
        template,
        folder,
        variables,
        postProcessing,
        identity: context.identity,
        ...(onElicit ? { onElicit } : {}),
        ...(onSample ? { onSample } : {}),
      });
      registry.addAdapter(adapter);
    }
  }
  return diagnostics;
}

async function readConfigs({ loaded, env, cwd }: UtcpContext): Promise<readonly UtcpConfig[]> {
  const { config, folder } = loaded;
  const { utcp = [] } = config;
  const named = env["UTCP_CONFIG_FILE"] ?? "";
  const paths = typeof utcp === "string" ? [utcp] : utcp;
  const isInline = !Array.isArray(paths);
  if (named === "" && !isInline && paths.length === 0) return [];
  const { loadUtcpConfig, readUtcpConfig } = await import("@codemode/adapter-utcp");
  return Promise.all([
    ...(Array.isArray(paths)
      ? paths.map((path) => loadUtcpConfig(path, { folder, env }))
      : [readUtcpConfig(paths, { folder, env }, "utcp")]),
    ...(named === "" ? [] : [loadUtcpConfig(named, { folder: cwd, env })]),
  ]);
}
