import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { networkCode, readDocumentText } from "@codemode/adapter-openapi/http";
import { isCodemodeError } from "@codemode/core";

import type { CallTemplate, WebTemplate } from "./call-template-schema.ts";
import { runCommands } from "./cli-call.ts";
import { callFunction } from "./direct-call.ts";
import type { ManualContext } from "./manual-context.ts";
import { manualError, messageOf } from "./utcp-errors.ts";

/** A document that lists tools, and where it came from if from the web. */
export interface LoadedManual {
  readonly document: unknown;
  readonly url: URL | undefined;
}

type ManualTemplate = Exclude<CallTemplate, { readonly call_template_type: "mcp" }>;

/** Gets the document that a template leads to. Rejects with a `CodemodeError` that names the manual. */
export async function loadManual(
  template: ManualTemplate,
  context: ManualContext,
  signal: AbortSignal,
): Promise<LoadedManual> {
  switch (template.call_template_type) {
    case "text":
      return { document: parsed(template.content, context, "its text"), url: undefined };
    case "file": {
      const text = await readManualFile(template.file_path, context);
      return {
        document: parsed(text, context, `the file "${template.file_path}"`),
        url: undefined,
      };
    }
    case "cli": {
      const document = await askCommand(template, context, signal);
      return { document, url: undefined };
    }
    case "direct-call": {
      const document = await callFunction(template, context, { args: {}, signal });
      return { document, url: undefined };
    }
    default:
      return fetchManual(template, context, signal);
  }
}

async function readManualFile(path: string, { manual, folder }: ManualContext): Promise<string> {
  try {
    return await readFile(resolve(folder, path), "utf8");
  } catch (error) {
    const code = networkCode(error);
    const why = code === "ENOENT" ? "is not there" : `cannot be read (${code ?? "unknown"})`;
    throw manualError(
      manual,
      `cannot be read: the file "${path}" ${why}; correct its "file_path"`,
      {
        cause: error,
      },
    );
  }
}

async function askCommand(
  template: Extract<CallTemplate, { readonly call_template_type: "cli" }>,
  context: ManualContext,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    const own = { ...context, tool: undefined, secrets: [...context.secrets] };
    return await runCommands(template, { ...own, args: {}, options: { signal } });
  } catch (error) {
    if (isCodemodeError(error, "CANCELLED") || isCodemodeError(error, "CONFIG_INVALID"))
      throw error;
    const what = `could not be asked for its tools: ${messageOf(error).replace(/\.$/, "")}`;
    throw manualError(context.manual, what, { cause: error });
  }
}

async function fetchManual(
  template: WebTemplate,
  { manual, client, timeoutMs }: ManualContext,
  signal: AbortSignal,
): Promise<LoadedManual> {
  const url = new URL(template.url);
  const place = url.origin + url.pathname;
  const headers = new Headers(template.headers ?? {});
  if (!headers.has("accept"))
    headers.set("accept", "application/json, application/yaml;q=0.9, */*;q=0.5");
  const answer = await client
    .send({
      method: template.call_template_type === "sse" ? "GET" : template.http_method,
      url,
      headers,
      body: undefined,
      auth: template.auth,
      declaredBy: undefined,
      redirects: "anywhere",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    .catch((error: unknown) => {
      if (isCodemodeError(error)) throw error;
      const why = networkCode(error) ?? messageOf(error);
      throw manualError(
        manual,
        `cannot be loaded from ${place} (${why}); check that it runs and its "url"`,
        {
          cause: error,
          retryable: true,
        },
      );
    });
  if (answer.status < 200 || answer.status >= 300) {
    const isAuth = answer.status === 401 || answer.status === 403;
    const step = isAuth ? 'check its "auth"' : 'correct its "url"';
    throw manualError(manual, `cannot be loaded from ${place} (HTTP ${answer.status}); ${step}`);
  }
  const text = new TextDecoder().decode(answer.bytes);
  return { document: parsed(text, { manual }, place), url: answer.url };
}

function parsed(text: string, { manual }: Pick<ManualContext, "manual">, place: string): unknown {
  try {
    return readDocumentText(text);
  } catch (error) {
    const [line = ""] = messageOf(error).split("\n", 1);
    throw manualError(manual, `cannot be read: ${place} is no valid JSON or YAML (${line})`, {
      cause: error,
    });
  }
}
