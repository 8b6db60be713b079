import type { Redactor } from "@codemode/core";
import { createRedactor, secretsByName } from "@codemode/core";

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
  /** Logs in by itself, so no person can. */
  readonly hasOwnCredentials: boolean;
  /** Which transport the options name. */
  readonly transportType: "http" | "sse" | undefined;
  /** Whether it can be reached anew: a client that was given as an object cannot. */
  readonly isRenewable: boolean;
  /** What was last said with each HTTP status that is no success. */
  readonly faults: Map<number, HttpFault>;
  /** Takes the secrets out of what is told. */
  readonly redactor: Redactor;
  /** Takes out of answers what proves who calls: the rest of the settings is data to programs. */
  readonly credentials: Redactor;
  /** Takes secrets and places of this machine out of a text, and cuts it to what a message can hold. */
  redact(text: string): string;
}

const MAX_TEXT = 500;
// `/opt/app/server.js`, `file:///opt/app/server.js` and `C:\app\server.js`, but neither a URL of the web
// nor a fraction: only the last part stays.
const HOST_PATH =
  /(?<![\w:/.\\])(?:file:\/\/)?(?:[A-Za-z]:\\|\/)(?:[^\s"'`:()<>|\\/]+[\\/])+(?=[^\s"'`:()<>|\\/])/g;

/** Reads once what may not be shown. */
export function createErrorWords(options: McpAdapterOptions): ErrorWords {
  // A server's own name stands in every message.
  const redactor = createRedactor(
    configuredSecrets(options).filter((value) => value !== options.name),
  );
  const place = placeOf(options);
  const web = "url" in options ? options : undefined;
  return {
    server: options.name,
    place,
    path: URL.canParse(place) ? new URL(place).pathname : "/",
    headerNames: Object.keys(web?.headers ?? {}),
    hasOwnCredentials: web?.oauth?.grant === "client_credentials",
    transportType: web?.type,
    isRenewable: !("client" in options) || typeof options.client === "function",
    faults: new Map(),
    redactor,
    credentials: createRedactor(credentialsOf(options)),
    redact(text) {
      const clean = redactor.mask(text).replaceAll(HOST_PATH, ".../");
      const line = clean.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
      return line.length > MAX_TEXT ? `...${line.slice(-MAX_TEXT)}` : line;
    },
  };
}

function configuredSecrets(options: McpAdapterOptions): readonly string[] {
  const given = options.secrets ?? [];
  if ("client" in options) return given;
  if ("command" in options) {
    const { env = {}, args = [] } = options;
    return [...given, ...Object.values(env), ...secretArguments(args)];
  }
  const values = Object.values(options.headers ?? {});
  // `Bearer abc` is shown as two words, so the secret one is hidden alone too.
  const parts = values.flatMap((value) => value.split(" ").slice(1));
  const { clientSecret } = options.oauth ?? {};
  const all = [
    ...given,
    ...values,
    ...parts,
    ...(clientSecret === undefined ? [] : [clientSecret]),
  ];
  if (!URL.canParse(options.url)) return all;
  const url = new URL(options.url);
  const basic = basicAuthorization(url)?.split(" ")[1] ?? "";
  return [...all, ...url.searchParams.values(), url.username, url.password, basic];
}

/** What is secret by its name or place. */
function credentialsOf(options: McpAdapterOptions): readonly string[] {
  if ("client" in options) return [];
  if ("command" in options)
    return [...secretsByName(options.env), ...secretArguments(options.args ?? [])];
  const { clientSecret } = options.oauth ?? {};
  return [...secretsByName(options.headers), ...(clientSecret === undefined ? [] : [clientSecret])];
}

const URL_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^/\s@]+)@/i;
const SECRET_FLAG = /^--?[\w-]*(?:token|key|secret|passw|pwd|auth|credential)[\w-]*(?:=(.*))?$/is;

/** The values of `--token abc`, `--api-key=abc` and the like, and the password of a URL: `postgres://me:abc@host`. */
function secretArguments(args: readonly string[]): readonly string[] {
  return args.flatMap((argument, index) => {
    const password = URL_PASSWORD.exec(argument)?.[1];
    if (password !== undefined) return [password, decoded(password)];
    const flag = SECRET_FLAG.exec(argument);
    if (!flag) return [];
    const value = flag[1] ?? args[index + 1];
    return value === undefined || value.startsWith("-") ? [] : [value];
  });
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    // With a percent sign of its own it is as it stands.
    return password;
  }
}

function placeOf(options: McpAdapterOptions): string {
  if ("command" in options) return options.command.split(/[\\/]/).at(-1) ?? options.command;
  if ("client" in options) return "a given client";
  if (!URL.canParse(options.url)) return "its URL";
  const { origin, pathname } = new URL(options.url);
  return origin + pathname;
}
