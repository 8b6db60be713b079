import { resolve } from "node:path";

import type { Diagnostic } from "@codemode/core";
import { CodemodeError, isRecord, schemaProblem } from "@codemode/core";

import type { ConfigDocument, ConfigProblem } from "./config-document.ts";
import { parseConfigDocument, problemText } from "./config-document.ts";
import type { Config } from "./config-schema.ts";
import { configSchema } from "./config-schema.ts";
import { isKnownVariant } from "./custom-sandbox.ts";
import { configAbove, findConfigFile, otherConfigs } from "./find-config-file.ts";
import { FOREIGN_KEYS } from "./mcp-server-schema.ts";
import { unknownVariant } from "./sandbox-variants.ts";
import { schemaProblems } from "./schema-problems.ts";
import type { FilledVariable } from "./variables.ts";
import { interpolate, secretValues } from "./variables.ts";

/** Where a config comes from. */
export interface LoadConfigOptions {
  /** Default: the process's folder. */
  readonly cwd?: string;
  /** As given to `--config`. Default: `CODEMODE_CONFIG`, then the first of the usual names in `cwd`. */
  readonly configPath?: string | undefined;
  /** Default: the process's variables. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A config, and the file it came from. */
export interface LoadedConfig {
  readonly config: Config;
  /** Name of the file, without the folders above it; absent where there is none. */
  readonly file?: string;
  /** Where the paths of modules in it start: its folder, or `cwd`. */
  readonly folder: string;
  readonly diagnostics: readonly Diagnostic[];
  /** What the variables in each server's entry stood for: not to be shown. */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
}

/**
 * Loads the config file; without one, the defaults. Rejects with `CONFIG_INVALID`, which lists every
 * problem with line and key, `CONFIG_NOT_FOUND` or `VARIABLE_UNSET`.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const { cwd = process.cwd(), env = process.env } = options;
  const named = options.configPath ?? env["CODEMODE_CONFIG"];
  const found = await findConfigFile(cwd, named);
  if (!found) {
    const config = configSchema.parse({});
    const diagnostics = elsewhere(await configAbove(cwd));
    return { config, folder: resolve(cwd), diagnostics, secrets: new Map() };
  }
  const { text, file, folder } = found;
  const document = parseConfigDocument(text, file);
  if (document.problems.length > 0) throw invalid(file, document.problems);

  const { utcp, rest } = withoutManuals(document.value);
  const { value: own, unset, filled } = interpolate(rest, env);
  const value = utcp === undefined || !isRecord(own) ? own : { ...own, utcp };
  const { config: known, diagnostics } = withoutForeignKeys(value, file);
  const parsed = configSchema.safeParse(known, { error: schemaProblem });
  // What is wrong with an unset variable's place is that it is unset.
  const places = new Set(unset.map(({ path }) => path.join(".")));
  const issues = (parsed.error?.issues ?? []).filter(({ path }) => !places.has(path.join(".")));
  const problems = [
    ...unset.map(({ name, path }) => ({
      line: document.lineOf(path),
      key: path.join("."),
      message: `variable ${name} is not set. Set it, or write \${${name}:-default}`,
    })),
    ...schemaProblems(issues, document),
    ...variantProblems(known, folder, document),
    ...nameProblems(parsed.data, document),
  ];
  if (problems.length > 0) throw invalid(file, problems, problems.length === unset.length);
  if (!parsed.success) throw invalid(file, []);
  const shadowed = named ? [] : await otherConfigs(cwd, file);
  return {
    config: parsed.data,
    file,
    folder,
    diagnostics: [...diagnostics, ...shadowed.map((other) => notRead(other, file))],
    secrets: secretsOf(filled),
  };
}

function notRead(other: string, file: string): Diagnostic {
  const message = `${other} is not read: ${file} goes before it. Keep one of them, or give one with --config.`;
  return { code: "CONFIG_SHADOWED", message };
}

function elsewhere(above: string | undefined): readonly Diagnostic[] {
  if (above === undefined) return [];
  const message = `There is no config in this folder; ${JSON.stringify(above)} is not used. Start in its folder, or give it with --config or CODEMODE_CONFIG.`;
  return [{ code: "CONFIG_ELSEWHERE", message }];
}

/** Manuals within the file have variables of their own kind. */
function withoutManuals(value: unknown): { readonly utcp?: unknown; readonly rest: unknown } {
  if (!isRecord(value) || !isRecord(value["utcp"])) return { rest: value };
  const { utcp, ...rest } = value;
  return { utcp, rest };
}

/** A name that is neither registered nor an installed package. What a module holds is seen when it is loaded. */
function variantProblems(
  config: unknown,
  folder: string,
  document: ConfigDocument,
): readonly ConfigProblem[] {
  const name = isRecord(config) ? config["sandbox_variant"] : undefined;
  if (typeof name !== "string" || isKnownVariant(name, folder)) return [];
  const key = "sandbox_variant";
  return [{ line: document.lineOf([key]), key, message: unknownVariant(name) }];
}

/** A name says which server: it can be in one section only. */
function nameProblems(
  config: Config | undefined,
  document: ConfigDocument,
): readonly ConfigProblem[] {
  const { openapi = {}, mcpServers = {}, cli = {} } = config ?? {};
  return Object.keys(openapi).flatMap((name) => {
    const other = Object.hasOwn(mcpServers, name) ? "mcpServers" : "cli";
    if (other === "cli" && !Object.hasOwn(cli, name)) return [];
    const message = `is the name of a server in "${other}" too. Give it another one`;
    return [{ line: document.lineOf(["openapi", name]), key: `openapi.${name}`, message }];
  });
}

// Their entries are servers, with secrets of their own.
const SERVER_SECTIONS = new Set(["mcpServers", "openapi", "cli"]);

/** Values of variables by the server in whose entry they stand. */
function secretsOf(filled: readonly FilledVariable[]): ReadonlyMap<string, readonly string[]> {
  const inServers = filled.filter(({ path }) => SERVER_SECTIONS.has(String(path[0])));
  const byServer = Map.groupBy(inServers, ({ path }) => String(path[1]));
  return new Map(Array.from(byServer, ([server, group]) => [server, secretValues(group)]));
}

// What people mean by keys of others that are spelt in another way here.
const OWN_KEYS: ReadonlyMap<string, string> = new Map([
  ["timeout", "timeout_ms"],
  ...["enabledTools", "allowedTools", "includeTools"].map((key) => [key, "include_tools"] as const),
  ...["disabledTools", "excludeTools"].map((key) => [key, "exclude_tools"] as const),
]);

/** Entries of `mcpServers` are pasted from other clients: their keys are told, not refused. */
function withoutForeignKeys(
  value: unknown,
  file: string,
): { readonly config: unknown; readonly diagnostics: readonly Diagnostic[] } {
  if (!isRecord(value) || !isRecord(value["mcpServers"])) return { config: value, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const servers = Object.entries(value["mcpServers"]).map(([name, entry]) => {
    if (!isRecord(entry)) return [name, entry];
    const kept = Object.entries(entry).filter(([key]) => {
      if (!FOREIGN_KEYS.has(key)) return true;
      const own = OWN_KEYS.get(key);
      const hint = own === undefined ? "" : ` Use "${own}".`;
      diagnostics.push({
        code: "KEY_IGNORED",
        message: `${file}: "${key}" of server "${name}" belongs to another client and is ignored.${hint}`,
      });
      return false;
    });
    return [name, Object.fromEntries(kept)];
  });
  return { config: { ...value, mcpServers: Object.fromEntries(servers) }, diagnostics };
}

function invalid(
  file: string,
  problems: readonly ConfigProblem[],
  onlyVariables = false,
): CodemodeError {
  const text = problems.map((problem) => problemText(file, problem)).join("\n");
  const details = problems.map(({ line, key, message }) => ({
    ...(line === undefined ? {} : { line }),
    key,
    message,
  }));
  return new CodemodeError(onlyVariables ? "VARIABLE_UNSET" : "CONFIG_INVALID", text, { details });
}
