import type { QuestionHandlers, Redactor } from "@codemode/core";
import { schemaProblem, secretsByName } from "@codemode/core";

import { authSecrets } from "./auth-schema.ts";
import type { CallTemplate, WebTemplate } from "./call-template-schema.ts";
import { CALL_TEMPLATE_TYPES, callTemplateSchema } from "./call-template-schema.ts";
import type { UtcpCallables } from "./direct-call.ts";
import { describeIssues } from "./manual-schema.ts";
import { substitute } from "./substitute.ts";
import { templateError } from "./utcp-errors.ts";
import type { VariableSource } from "./variable-source.ts";
import type { WebClient } from "./web-client.ts";

/** What all parts of one manual's adapter share. */
export interface ManualContext {
  /** The manual's name: that of the server in the catalog. */
  readonly manual: string;
  readonly variables: VariableSource;
  /** Where relative paths start. */
  readonly folder: string;
  readonly identity: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly redactor: Redactor;
  /** Of what proves who calls: no business of programs, though a service may repeat it. */
  readonly credentials: Redactor;
  /** All values that may not be shown; grows with every template that is filled in. */
  readonly secrets: Set<string>;
  readonly client: WebClient;
  readonly handlers: QuestionHandlers;
  /** What `direct-call` templates may name. */
  readonly callables: UtcpCallables;
}

/** Fills in a template's variables and checks it. Throws `VARIABLE_UNSET` or `CONFIG_INVALID`. */
export function readTemplate(
  template: unknown,
  { manual, variables, redactor, credentials, secrets }: ManualContext,
  tool?: string,
): CallTemplate {
  const hide = (values: readonly string[]): void => {
    for (const value of values) secrets.add(value);
    redactor.add(values);
  };
  const filled = substitute(template, {
    source: variables,
    manual,
    // A whole URL is a place, and no secret.
    onValue: (value) => hide(/^https?:\/\//i.test(value) ? [] : [value]),
  });
  const type = typeOf(filled);
  if (!CALL_TEMPLATE_TYPES.includes(type)) {
    const known = CALL_TEMPLATE_TYPES.map((one) => `"${one}"`).join(", ");
    const given = type === "" ? 'it has no "call_template_type"' : `"${type}" is no type of call`;
    throw templateError(manual, tool, `${given}; there are ${known}`);
  }
  const typed = { ...Object(filled), call_template_type: type };
  const parsed = callTemplateSchema.safeParse(typed, { error: schemaProblem });
  if (!parsed.success) throw templateError(manual, tool, describeIssues(parsed.error));
  const { auth, auth_tools: ofTools } = parsed.data;
  const headers = isWeb(parsed.data) ? parsed.data.headers : undefined;
  const proofs = [...authSecrets(auth), ...authSecrets(ofTools), ...secretsByName(headers ?? {})];
  hide(proofs);
  credentials.add(proofs);
  return parsed.data;
}

function isWeb(template: CallTemplate): template is WebTemplate {
  return ["http", "sse", "streamable_http"].includes(template.call_template_type);
}

/** The type of a template that nobody has checked yet. Before UTCP 1.1, `text` was what `file` is now. */
export function typeOf(template: unknown): string {
  if (typeof template !== "object" || template === null) return "";
  const type: unknown = "call_template_type" in template ? template.call_template_type : "";
  if (type === "text" && "file_path" in template && !("content" in template)) return "file";
  return typeof type === "string" ? type : "";
}
