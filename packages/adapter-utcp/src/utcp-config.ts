import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";

import { networkCode, readDocumentText } from "@codemode/adapter-openapi/http";
import type { Diagnostic } from "@codemode/core";
import { CodemodeError, schemaProblem } from "@codemode/core";
import { z } from "zod";

import { describeIssues } from "./manual-schema.ts";
import type { PostProcessor } from "./post-process.ts";
import { postProcessorSchema } from "./post-process.ts";
import { substitute } from "./substitute.ts";
import type { UtcpAdapterOptions } from "./utcp-adapter.ts";
import { manualName } from "./utcp-adapter.ts";
import { messageOf } from "./utcp-errors.ts";
import type { VariableSource, VariableSourceOptions } from "./variable-source.ts";
import { createVariableSource } from "./variable-source.ts";

const loaderSchema = z.looseObject({
  variable_loader_type: z.literal("dotenv", { error: "only `dotenv` is known" }),
  env_file_path: z.string().min(1),
});

const configSchema = z.looseObject({
  variables: z.record(z.string(), z.string()).nullish(),
  load_variables_from: z.array(loaderSchema).nullish(),
  manual_call_templates: z.array(z.record(z.string(), z.unknown())).nullish(),
  post_processing: z.array(postProcessorSchema).nullish(),
});

/** A client's configuration, as `.utcp_config.json` has it, read. */
export interface UtcpConfig {
  /** The manuals, each with a name of its own. */
  readonly templates: readonly UtcpAdapterOptions["template"][];
  readonly variables: VariableSource;
  readonly postProcessing: readonly PostProcessor[];
  /** Where relative paths start. */
  readonly folder: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where a configuration is read. */
export interface UtcpConfigOptions extends Pick<VariableSourceOptions, "env"> {
  /** Where relative paths start. Default: the process's folder. */
  readonly folder?: string;
}

/** Reads a configuration file; its own folder is where its paths start. Rejects with `CONFIG_NOT_FOUND` or `CONFIG_INVALID`. */
export async function loadUtcpConfig(
  path: string,
  { folder = ".", env }: UtcpConfigOptions = {},
): Promise<UtcpConfig> {
  const full = resolve(folder, path);
  const place = basename(path);
  const text = await readFile(full, "utf8").catch((error: unknown) => {
    const code = networkCode(error);
    const why = code === "ENOENT" ? "is not there" : `cannot be read (${code ?? "unknown"})`;
    const message = `The UTCP configuration ${JSON.stringify(path)} ${why}. Create it, or correct the path.`;
    throw new CodemodeError("CONFIG_NOT_FOUND", message, { cause: error });
  });
  const own = { folder: dirname(full), ...(env === undefined ? {} : { env }) };
  return readUtcpConfig(parsed(text, place), own, place);
}

/** Reads a configuration. `place` is what messages call it. Throws `CONFIG_INVALID`, or `VARIABLE_UNSET` for its own variables. */
export function readUtcpConfig(
  value: unknown,
  { folder = process.cwd(), env = process.env }: UtcpConfigOptions = {},
  place = "utcp",
): UtcpConfig {
  const config = configSchema.safeParse(value, { error: schemaProblem });
  if (!config.success) throw invalid(place, describeIssues(config.error));
  const { variables, load_variables_from: loaders, post_processing: processors } = config.data;
  const dotenvFiles = (loaders ?? []).map(({ env_file_path: path }) => path);
  const outer = { folder, env, dotenvFiles };
  const { templates, diagnostics } = named(config.data.manual_call_templates ?? [], place);
  return {
    templates,
    diagnostics,
    folder,
    postProcessing: processors ?? [],
    variables: createVariableSource({ ...outer, variables: filled(variables ?? {}, outer) }),
  };
}

/** Values of the file's own variables may name others, of the outside. */
function filled(
  variables: Readonly<Record<string, string>>,
  outer: VariableSourceOptions,
): Readonly<Record<string, string>> {
  const source = createVariableSource(outer);
  const entries = Object.entries(variables).map(([name, value]) => {
    const text = substitute(value, { source });
    return [name, typeof text === "string" ? text : value] as const;
  });
  return Object.fromEntries(entries);
}

type Template = Readonly<Record<string, unknown>>;

function named(
  given: readonly Template[],
  place: string,
): Pick<UtcpConfig, "templates" | "diagnostics"> {
  const templates = new Map<string, UtcpAdapterOptions["template"]>();
  const diagnostics: Diagnostic[] = [];
  for (const [index, template] of given.entries()) {
    const own = template["name"];
    const name = manualName(typeof own === "string" && own !== "" ? own : `manual_${index + 1}`);
    if (templates.has(name)) {
      const message = `${place}: manual ${index + 1} is left out: another one is called "${name}". Give it a name of its own.`;
      diagnostics.push({ code: "MANUAL_SKIPPED", message });
    } else templates.set(name, { ...template, name });
  }
  return { templates: [...templates.values()], diagnostics };
}

function parsed(text: string, place: string): unknown {
  try {
    return readDocumentText(text);
  } catch (error) {
    const [line = ""] = messageOf(error).split("\n", 1);
    throw invalid(place, `is no valid JSON (${line})`);
  }
}

function invalid(place: string, what: string): CodemodeError {
  return new CodemodeError("CONFIG_INVALID", `${place}: ${what}`);
}
