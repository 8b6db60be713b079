import { toVariable } from "./client-text.ts";
import type { OwnEntry } from "./own-entry.ts";

/** A value that looks like a secret, and the variable that stands in its place. Never the value. */
export interface SecretReference {
  /** `env.GITHUB_TOKEN`, `args.3`, `headers.Authorization`, `url`. */
  readonly key: string;
  readonly variable: string;
}

/** Gives a value a variable. The same name for two values would give one server the other's secret. */
export interface VariableNames {
  take(wanted: string, value: string, server: string): string;
}

/** Names for the secrets of one file. */
export function createVariableNames(): VariableNames {
  const values = new Map<string, string>();
  return {
    take(wanted, value, server) {
      let name = wanted;
      for (let turn = 1; (values.get(name) ?? value) !== value; turn += 1)
        name = toVariable(turn === 1 ? `${server}_${wanted}` : `${server}_${wanted}_${turn}`);
      values.set(name, value);
      return name;
    },
  };
}

/** Puts `${VARIABLE}` in the place of every value that looks like a secret. */
export function toReferences(
  server: string,
  entry: OwnEntry,
  names: VariableNames,
): { readonly entry: OwnEntry; readonly secrets: readonly SecretReference[] } {
  const secrets: SecretReference[] = [];
  const refer: Refer = (key, wanted, value) => {
    const variable = names.take(wanted, value, server);
    secrets.push({ key, variable });
    return `\${${variable}}`;
  };
  const own = { ...entry };
  if (entry.env)
    own.env = referTexts("env", entry.env, (key, name, value) =>
      referEnv(refer, [key, name], value),
    );
  if (entry.headers)
    own.headers = referTexts("headers", entry.headers, (key, name, value) =>
      referHeader(refer, [key, server, name], value),
    );
  if (entry.args) own.args = referArguments(entry.args, server, refer);
  const secret = entry.oauth?.["client_secret"];
  if (typeof secret === "string" && !hasVariable(secret)) {
    const wanted = toVariable(`${server}_client_secret`);
    own.oauth = { ...entry.oauth, client_secret: refer("oauth.client_secret", wanted, secret) };
  }
  if (entry.url !== undefined) own.url = referUrl(entry.url, server, refer);
  return { entry: own, secrets };
}

/** Notes a secret, and gives the text for its place. */
type Refer = (key: string, wanted: string, value: string) => string;

function referTexts(
  section: string,
  texts: Readonly<Record<string, string>>,
  toText: (key: string, name: string, value: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [name, toText(`${section}.${name}`, name, value)]),
  );
}

function referEnv(refer: Refer, [key, name]: readonly [string, string], value: string): string {
  return isSecret(name, value) ? refer(key, toVariable(name), value) : value;
}

function referHeader(
  refer: Refer,
  [key, server, name]: readonly [string, string, string],
  value: string,
): string {
  if (!/^(?:proxy-)?authorization$|^cookie$/i.test(name) && !isSecret(name, value)) return value;
  if (hasVariable(value)) return value;
  const [, scheme = "", secret = value] = /^(\w+ +)(\S.*)$/s.exec(value) ?? [];
  const wanted = /authorization$/i.test(name) ? `${server}_token` : `${server}_${name}`;
  return scheme + refer(key, toVariable(wanted), secret);
}

const FLAG = /^--?([\w-]+)=(.+)$/s;
const PAIR = /^([A-Z_][A-Z0-9_]*)=(.+)$/s;

function referArguments(args: readonly string[], server: string, refer: Refer): readonly string[] {
  return args.map((argument, index) => {
    const key = `args.${index}`;
    const [, flag, value] = FLAG.exec(argument) ?? PAIR.exec(argument) ?? [];
    if (flag !== undefined && value !== undefined) {
      if (!isSecret(flag, value)) return argument;
      const wanted = PAIR.test(argument) ? flag : `${server}_${flag}`;
      return argument.slice(0, -value.length) + refer(key, toVariable(wanted), value);
    }
    const before = args[index - 1] ?? "";
    const named = /^--?[A-Za-z][\w-]*$/.test(before) ? before.replace(/^-+/, "") : "secret";
    const isNamed = named !== "secret" && isSecret(named, argument) && !argument.startsWith("-");
    if (!isNamed && !looksSecret(argument)) return argument;
    return refer(key, toVariable(`${server}_${named}`), argument);
  });
}

/** What stands between the parts of a URL stays: only the parts are replaced. */
function referUrl(url: string, server: string, refer: Refer): string {
  const [address = "", ...query] = url.split("?");
  const parts = address.split("/").map((part, index) => {
    const [, user, password, host] =
      index === 2 ? (/^([^:@]*):([^@]+)@(.*)$/.exec(part) ?? []) : [];
    if (password !== undefined && !hasVariable(password))
      return `${user ?? ""}:${refer("url", toVariable(`${server}_password`), password)}@${host ?? ""}`;
    return index > 2 && looksSecret(part)
      ? refer("url", toVariable(`${server}_url_key`), part)
      : part;
  });
  if (query.length === 0) return parts.join("/");
  const pairs = query
    .join("?")
    .split("&")
    .map((pair) => {
      const [name = "", ...rest] = pair.split("=");
      const value = rest.join("=");
      if (!isSecret(name, value)) return pair;
      return `${name}=${refer("url", toVariable(`${server}_${name}`), value)}`;
    });
  return `${parts.join("/")}?${pairs.join("&")}`;
}

const SECRET_NAME =
  /(?:^|[^a-z])(?:token|key|apikey|secret|passw(?:or)?d|pwd|pat|credentials?|auth)s?$/i;
const CAMEL_NAME = /(?:Token|Key|Secret|Password)$/;

/** By its name, unless the value cannot be one, or by its looks. */
function isSecret(name: string, value: string): boolean {
  if (hasVariable(value)) return false;
  if (looksSecret(value)) return true;
  const isNamed = SECRET_NAME.test(name) || CAMEL_NAME.test(name);
  return (
    isNamed &&
    value.length >= 6 &&
    !/^(?:\d+|true|false|https?:.*|[~.]?\.?[/\\].*|[A-Za-z]:\\.*)$/is.test(value)
  );
}

// What the well-known issuers of tokens begin them with; the last two are a JSON Web Token and a URL with a password.
const KNOWN =
  /^(?:sk-|pk_|rk_|sk_|ghp_|gho_|ghs_|github_pat_|glpat-|xox[a-z]-|xapp-|AKIA|ASIA|AIza|ya29\.|npm_|hf_|pplx-|tvly-|ntn_|secret_|lin_api_|dop_v1_|SG\.|eyJ[\w-]+\.)[\w.-]{8,}$|^\w+:\/\/[^\s:/@]*:[^\s@]+@/;

/** Long, and made of letters and digits in no order a person would write. */
function looksSecret(value: string): boolean {
  if (hasVariable(value)) return false;
  if (KNOWN.test(value)) return true;
  if (!/^[A-Za-z0-9+_=-]{32,}$/.test(value) || !/\d/.test(value)) return false;
  return /^[0-9a-f]+$/i.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value));
}

function hasVariable(value: string): boolean {
  return /(?<!\$)\$\{[A-Za-z_]/.test(value);
}
