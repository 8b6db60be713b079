import { isRecord } from "@codemode/core";

import type { JsonRecord } from "./json-record.ts";
import { listAt, recordAt, textAt } from "./json-record.ts";

/** What decides where requests go. */
export interface ServerUrlOptions {
  readonly baseUrl?: string | undefined;
  readonly serverVariables?: Readonly<Record<string, string>> | undefined;
  /** Where the document was loaded from, where that is the web. */
  readonly documentUrl?: string | undefined;
}

/** Where requests go, or as the end of a sentence why they go nowhere. */
export type ServerUrl = { readonly url: URL } | { readonly problem: string };

/** The base of an operation's URL: `baseUrl`, or the first server of the document with its variables filled in. */
export function serverUrl(
  document: JsonRecord,
  servers: readonly unknown[],
  options: ServerUrlOptions,
): ServerUrl {
  const { baseUrl, documentUrl } = options;
  if (baseUrl !== undefined) return parseUrl(baseUrl, undefined, '"base_url"');
  const isSwagger2 = document["swagger"] !== undefined;
  const [first] = isSwagger2 ? [swagger2Server(document, documentUrl)] : servers;
  const server = isRecord(first) ? first : { url: "/" };
  const filled = fillVariables(server, options.serverVariables ?? {});
  return "problem" in filled ? filled : parseUrl(filled.text, documentUrl, "its server");
}

function parseUrl(text: string, base: string | undefined, what: string): ServerUrl {
  const shown = JSON.stringify(text);
  if (!URL.canParse(text, base)) {
    const problem = `${what} ${shown} is no whole URL. Set "base_url" to one like "https://api.example.org/v1"`;
    return { problem };
  }
  const url = new URL(text, base);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return { problem: `${what} ${shown} is neither http nor https. Set "base_url"` };
  return { url };
}

function swagger2Server(document: JsonRecord, documentUrl: string | undefined): JsonRecord {
  const basePath = textAt(document, "basePath") ?? "/";
  const host = textAt(document, "host");
  if (host === undefined) return { url: basePath };
  const schemes = listAt(document, "schemes");
  const isKnown = schemes.includes("https") || schemes.includes("http");
  const usual = documentUrl?.startsWith("http:") === true ? "http" : "https";
  const scheme = isKnown ? (schemes.includes("https") ? "https" : "http") : usual;
  return { url: `${scheme}://${host}${basePath}` };
}

function fillVariables(
  server: JsonRecord,
  given: Readonly<Record<string, string>>,
): { readonly text: string } | { readonly problem: string } {
  const variables = recordAt(server, "variables");
  const problems: string[] = [];
  const text = (textAt(server, "url") ?? "/").replaceAll(/\{([^{}]+)\}/g, (_all, name: string) => {
    const variable = recordAt(variables, name);
    const value = Object.hasOwn(given, name) ? given[name] : variable["default"];
    const allowed = listAt(variable, "enum").map(String);
    if (typeof value !== "string" && typeof value !== "number") {
      problems.push(
        `its server's variable "${name}" has no value. Set "server_variables": { "${name}": "..." }`,
      );
      return "";
    }
    if (allowed.length > 0 && !allowed.includes(String(value)))
      problems.push(
        `its server's variable "${name}" is ${JSON.stringify(value)}; it can be ${allowed.join(", ")}`,
      );
    return String(value);
  });
  const [problem] = problems;
  return problem === undefined ? { text } : { problem };
}
