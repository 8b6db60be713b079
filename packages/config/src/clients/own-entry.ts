import { parseEnv } from "node:util";

import { isRecord } from "@codemode/core";

import { interpolate } from "../variables.ts";
import type { TextContext } from "./client-text.ts";
import { plainText, toOwnText } from "./client-text.ts";
import { splitCommand } from "./split-command.ts";

/** An entry of `mcpServers` as we write it, before its variables are filled in. */
export interface OwnEntry {
  type?: "http" | "sse";
  command?: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  url?: string;
  headers?: Readonly<Record<string, string>>;
  description?: string;
  timeout_ms?: number;
  connect_timeout_ms?: number;
  include_tools?: readonly string[];
  exclude_tools?: readonly string[];
  oauth?: Readonly<Record<string, string | number>>;
}

/** A client's entry in our keys, and what of it means nothing here. */
export interface Translated {
  readonly entry: OwnEntry;
  /** Keys whose absence changes what the server does or may do. */
  readonly ignored: readonly string[];
  /** Why there is no such server here. */
  readonly problem?: string;
}

type Entry = Readonly<Record<string, unknown>>;

/** Turns a client's entry into ours. */
export function toOwnEntry(entry: Entry, context: TextContext): Translated {
  const ignored = Object.keys(entry).filter((key) => MATTERS.has(key) && isSet(entry[key]));
  const problem = transportProblem(entry["type"]);
  const own = readRemote(entry, context) ?? readLocal(entry, context);
  if (problem !== undefined || own === undefined)
    return { entry: {}, ignored: [], problem: problem ?? "it has neither a command nor a URL" };
  const { description } = entry;
  if (typeof description === "string") own.description = plainText(description);
  return { entry: Object.assign(own, readTimeouts(entry, context), readChoices(entry)), ignored };
}

const LOCAL_TYPES = ["stdio", "local", "command"];
const HTTP_TYPES = ["http", "streamable-http", "streamable_http", "streamableHttp"];
// A remote one is of either kind.
const TYPES: ReadonlySet<unknown> = new Set([...LOCAL_TYPES, ...HTTP_TYPES, "sse", "remote"]);

function transportProblem(type: unknown): string | undefined {
  if (type === undefined || type === null || TYPES.has(type)) return undefined;
  if (type === "ws") return "WebSockets are not spoken here";
  return `its type ${JSON.stringify(type)} is none of stdio, http and sse`;
}

/** What a server is not given, or is not kept from: whoever wrote it wants to know. */
const MATTERS: ReadonlySet<string> = new Set(["headersHelper", "sandbox", "authProviderType"]);

function isSet(value: unknown): boolean {
  return value !== false && value !== null && !(Array.isArray(value) && value.length === 0);
}

/** The key that has the address, in the order in which clients prefer them. */
const URL_KEYS = ["httpUrl", "url", "baseUrl", "base_url", "serverUrl", "server_url"];

function readRemote(entry: Entry, context: TextContext): OwnEntry | undefined {
  const key = URL_KEYS.find((name) => typeof entry[name] === "string");
  const url = key === undefined ? undefined : entry[key];
  if (typeof url !== "string") return undefined;
  const own: OwnEntry = { url: toOwnText(url, context) };
  const type = transportOf(entry, key, context);
  if (type) own.type = type;
  const headers = readHeaders(entry, context);
  if (Object.keys(headers).length > 0) own.headers = headers;
  const oauth = readOAuth(entry, context);
  if (Object.keys(oauth).length > 0) own.oauth = oauth;
  return own;
}

/** Gemini's `url` is the older transport, unless `type` says otherwise. */
function transportOf(
  { type }: Entry,
  key: string | undefined,
  { client }: TextContext,
): OwnEntry["type"] | undefined {
  if (type === "sse") return "sse";
  if (HTTP_TYPES.some((one) => one === type) || key === "httpUrl") return "http";
  return client === "gemini" && key === "url" ? "sse" : undefined;
}

function readHeaders(entry: Entry, context: TextContext): Readonly<Record<string, string>> {
  const headers = { ...readTexts(entry["headers"] ?? entry["http_headers"], context) };
  for (const [header, variable] of Object.entries(readTexts(entry["env_http_headers"], undefined)))
    // A header whose variable is not set is not sent.
    if (context.env[variable]) headers[header] = `\${${variable}}`;
  const token = entry["bearerToken"] ?? entry["bearer_token"];
  if (typeof token === "string") headers["Authorization"] = `Bearer ${toOwnText(token, context)}`;
  const variable = ["bearer_token_env_var", "bearerTokenEnv", "bearer_token_env"]
    .map((key) => entry[key])
    .find(isText);
  if (variable !== undefined) headers["Authorization"] = `Bearer \${${variable}}`;
  return headers;
}

function readLocal(entry: Entry, context: TextContext): OwnEntry | undefined {
  const [command, ...first] = readCommand(entry, context);
  if (command === undefined) return undefined;
  const args = [...first, ...readList(entry["args"])].map((argument) =>
    toOwnText(argument, context),
  );
  const own: OwnEntry = { command: toOwnText(command, context) };
  if (args.length > 0) own.args = args;
  const env = readEnv(entry, context);
  if (Object.keys(env).length > 0) own.env = env;
  const { cwd } = entry;
  if (typeof cwd === "string" && cwd !== "") own.cwd = toOwnText(cwd, context);
  return own;
}

/** A command, or a list that begins with it. In mcporter's files it may be a line with its arguments. */
function readCommand(entry: Entry, { client }: TextContext): readonly string[] {
  const command = entry["command"] ?? entry["executable"];
  if (Array.isArray(command)) return readList(command);
  if (typeof command !== "string" || command.trim() === "") return [];
  const isLine = client === "mcporter" && !Array.isArray(entry["args"]);
  return isLine ? splitCommand(command) : [command];
}

function readEnv(entry: Entry, context: TextContext): Readonly<Record<string, string>> {
  const passed = passedVariables(entry).filter((name) => context.env[name] !== undefined);
  return {
    ...readEnvFile(entry["envFile"], context),
    ...Object.fromEntries(passed.map((name) => [name, `\${${name}}`])),
    ...readTexts(entry["env"] ?? entry["environment"], context),
  };
}

/** Codex names variables, or says of each whether it is one of this machine. */
function passedVariables(entry: Entry): readonly string[] {
  const given = entry["env_vars"];
  const items: readonly unknown[] = Array.isArray(given) ? given : [];
  const named = items.map((item) => {
    const isElsewhere = isRecord(item) && item["source"] === "remote";
    return isRecord(item) && !isElsewhere ? item["name"] : item;
  });
  return named.filter(isText);
}

function readEnvFile(path: unknown, context: TextContext): Readonly<Record<string, string>> {
  if (typeof path !== "string") return {};
  const { value: file } = interpolate(toOwnText(path, context), context.env);
  const values = parseEnv(context.readFile(String(file)) ?? "");
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, plainText(value ?? "")]),
  );
}

const INCLUDED = [
  "enabled_tools",
  "enabledTools",
  "includeTools",
  "allowedTools",
  "allowed_tools",
  "tools",
];
const EXCLUDED = [
  "disabled_tools",
  "disabledTools",
  "excludeTools",
  "blockedTools",
  "blocked_tools",
];

/** Which tools there are. A star means all. */
function readChoices(entry: Entry): OwnEntry {
  const included = INCLUDED.map((key) => entry[key]).find((value) => Array.isArray(value));
  const excluded = EXCLUDED.flatMap((key) => readList(entry[key]));
  const own: OwnEntry = {};
  if (included !== undefined && !readList(included).includes("*"))
    own.include_tools = readList(included);
  if (excluded.length > 0) own.exclude_tools = excluded;
  return own;
}

/** Who this is to the server's login. What is not said is found out. */
function readOAuth(entry: Entry, context: TextContext): NonNullable<OwnEntry["oauth"]> {
  const given = [entry["oauth"], entry["auth"]].find(isRecord) ?? {};
  const scopes =
    given["scopes"] ??
    given["scope"] ??
    entry["scopes"] ??
    entry["oauthScope"] ??
    entry["oauth_scope"];
  const port = given["callbackPort"];
  const texts = {
    client_id: given["clientId"] ?? given["CLIENT_ID"] ?? entry["oauthClientId"],
    client_secret: given["clientSecret"] ?? given["CLIENT_SECRET"] ?? entry["oauthClientSecret"],
    issuer: given["issuer"],
    scope: Array.isArray(scopes) ? readList(scopes).join(" ") : scopes,
  };
  const own: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(texts))
    if (isText(value) && value !== "") own[key] = toOwnText(value, context);
  if (typeof port === "number") own["redirect_port"] = port;
  return own;
}

/** Codex counts seconds, the others milliseconds; opencode's is for reaching a server. */
function readTimeouts(entry: Entry, { client }: TextContext): OwnEntry {
  const own: OwnEntry = {};
  const { timeout } = entry;
  const call = positive(timeout) ?? positive(entry["tool_timeout_sec"], 1_000);
  const connect =
    positive(entry["startup_timeout_ms"]) ?? positive(entry["startup_timeout_sec"], 1_000);
  if (client === "opencode" && call !== undefined) own.connect_timeout_ms = call;
  else if (call !== undefined) own.timeout_ms = call;
  if (connect !== undefined) own.connect_timeout_ms = connect;
  return own;
}

function positive(value: unknown, factor: number = 1): number | undefined {
  return typeof value === "number" && value > 0 ? value * factor : undefined;
}

/** Texts by name; numbers and booleans are what people write for texts. Without a context as they are. */
function readTexts(
  value: unknown,
  context: TextContext | undefined,
): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(isRecord(value) ? value : {})) {
    if (typeof text === "string") texts[name] = context ? toOwnText(text, context) : text;
    else if (typeof text === "number" || typeof text === "boolean") texts[name] = String(text);
  }
  return texts;
}

function readList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(isText) : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
