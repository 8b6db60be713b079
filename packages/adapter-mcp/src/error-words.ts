import { basicAuthorization } from "./basic-authorization.ts";
import type { HttpFault } from "./http-errors.ts";
import type { McpAdapterOptions } from "./mcp-options.ts";

/** Words about one server, without its secrets. */
export interface ErrorWords {
  readonly server: string;
  /** Where it is: a command's name, or a URL without credentials and query. */
  readonly place: string;
  /** The path of its URL. */
  readonly path: string;
  /** Names of the headers it is sent. */
  readonly headerNames: readonly string[];
  /** Which transport the options name. */
  readonly transportType: "http" | "sse" | undefined;
  /** What was last said with each HTTP status that is no success. */
  readonly faults: Map<number, HttpFault>;
  /** Takes secrets and places of this machine out of a text, and cuts it to what a message can hold. */
  redact(text: string): string;
}

const MAX_TEXT = 500;
// Shorter values are words like "1" or "true", not secrets.
const MIN_SECRET = 4;
// `/opt/app/server.js` and `C:\app\server.js`, but neither a URL nor a fraction: only the last part stays.
const HOST_PATH =
  /(?<![\w:/.\\])(?:[A-Za-z]:\\|\/)(?:[^\s"'`:()<>|\\/]+[\\/])+(?=[^\s"'`:()<>|\\/])/g;

/** Reads once what may not be shown. */
export function createErrorWords(options: McpAdapterOptions): ErrorWords {
  const secrets = secretsOf(options);
  const place = placeOf(options);
  const web = "url" in options ? options : undefined;
  return {
    server: options.name,
    place,
    path: URL.canParse(place) ? new URL(place).pathname : "/",
    headerNames: Object.keys(web?.headers ?? {}),
    transportType: web?.type,
    faults: new Map(),
    redact(text) {
      const clean = secrets
        .reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text)
        .replaceAll(HOST_PATH, ".../");
      const line = clean.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
      return line.length > MAX_TEXT ? `...${line.slice(-MAX_TEXT)}` : line;
    },
  };
}

/** Every form in which a secret may be shown, the longest first: one may be a part of another. */
function secretsOf(options: McpAdapterOptions): readonly string[] {
  const forms = configuredSecrets(options).flatMap((value) => [
    value,
    encodeURIComponent(value.toWellFormed()),
    JSON.stringify(value).slice(1, -1),
  ]);
  return [...new Set(forms)]
    .filter((value) => value.length >= MIN_SECRET)
    .toSorted((first, second) => second.length - first.length);
}

function configuredSecrets(options: McpAdapterOptions): readonly string[] {
  if ("command" in options) return Object.values(options.env ?? {});
  if ("client" in options) return [];
  const values = Object.values(options.headers ?? {});
  // `Bearer abc` is shown as two words, so the secret one is hidden alone too.
  const parts = values.flatMap((value) => value.split(" ").slice(1));
  if (!URL.canParse(options.url)) return [...values, ...parts];
  const url = new URL(options.url);
  const basic = basicAuthorization(url)?.split(" ")[1] ?? "";
  return [...values, ...parts, ...url.searchParams.values(), url.username, url.password, basic];
}

function placeOf(options: McpAdapterOptions): string {
  if ("command" in options) return options.command.split(/[\\/]/).at(-1) ?? options.command;
  if ("client" in options) return "a given client";
  if (!URL.canParse(options.url)) return "its URL";
  const { origin, pathname } = new URL(options.url);
  return origin + pathname;
}
