import type { Platform } from "./guest-platform.ts";

declare function finishClass<Type extends { readonly prototype: object }>(
  type: Type,
  name: string,
): Type;
declare function toUsvString(value: unknown): string;

/** What a URL is made of, as the runner gives it. */
type UrlParts = Record<
  | "href"
  | "origin"
  | "protocol"
  | "username"
  | "password"
  | "host"
  | "hostname"
  | "port"
  | "pathname"
  | "search"
  | "hash",
  string
>;

type AskUrl = (...question: readonly string[]) => UrlParts | undefined;

/** `URL`. It is parsed outside, by the platform's own parser: texts go out, texts come back. */
function createUrl(platform: Platform): unknown {
  const { ask, parse, quote } = platform.realm;
  const askUrl: AskUrl = (...question) => {
    let list = "";
    for (let index = 0; index < question.length; index += 1)
      list += `${index === 0 ? "" : ","}${quote(question[index] ?? "")}`;
    const answer = ask?.(`?U[${list}]`);
    return answer === undefined ? undefined : (parse(answer) as UrlParts);
  };
  const { type, change } = createUrlClass(platform, askUrl);
  const writable =
    "href,protocol,username,password,host,hostname,port,pathname,search,hash,origin".split(",");
  for (let index = 0; index < writable.length; index += 1) {
    const name = (writable[index] ?? "href") as keyof UrlParts;
    Object.defineProperty(type.prototype, name, {
      get(this: object) {
        return change(this, name, undefined);
      },
      ...(name === "origin"
        ? {}
        : {
            set(this: object, value: unknown) {
              change(this, name, toUsvString(value));
            },
          }),
      configurable: true,
      enumerable: true,
    });
  }
  return finishClass(type, "URL");
}

/** An error that says which text is no URL. */
function invalidUrl(input: string, base: string | undefined): TypeError {
  const shown = input.length > 200 ? `${input.slice(0, 200)}...` : input;
  const isRelative = base === undefined && !/^[a-z][a-z\d+.-]*:/i.test(input.trim());
  const advice = isRelative ? " (a relative URL needs a base: new URL(path, base))" : "";
  const error = new TypeError(`Invalid URL: ${JSON.stringify(shown)}${advice}`);
  return Object.assign(error, {
    code: "ERR_INVALID_URL",
    input,
    ...(base === undefined ? {} : { base }),
  });
}

/** The class, and the function that reads a part of a URL or changes it. */
function createUrlClass(
  platform: Platform,
  askUrl: AskUrl,
): {
  readonly type: new (input: unknown, base?: unknown) => object;
  readonly change: (url: object, name: keyof UrlParts, value: string | undefined) => string;
} {
  const { bind, refill } = platform.query();
  const find = (input: unknown, base: unknown): UrlParts | undefined =>
    base === undefined ? askUrl(toUsvString(input)) : askUrl(toUsvString(input), toUsvString(base));
  let change: (url: URL, name: keyof UrlParts, value: string | undefined) => string;
  class URL {
    #parts: UrlParts;
    #params: object | undefined;
    static {
      change = (url, name, value) => {
        if (value === undefined) return url.#parts[name];
        const parts = name === "href" ? askUrl(value) : askUrl(url.#parts.href, "", name, value);
        if (!parts) throw invalidUrl(value, undefined);
        url.#parts = parts;
        if (url.#params) refill(url.#params, parts.search.slice(1));
        return value;
      };
    }
    constructor(input: unknown, ...[base]: readonly unknown[]) {
      if (arguments.length === 0) throw new TypeError("new URL() needs a URL as text.");
      const parts = find(input, base);
      if (!parts)
        throw invalidUrl(toUsvString(input), base === undefined ? undefined : toUsvString(base));
      this.#parts = parts;
    }
    static canParse(input: unknown, ...[base]: readonly unknown[]): boolean {
      return find(input, base) !== undefined;
    }
    static parse(input: unknown, ...[base]: readonly unknown[]): URL | null {
      return URL.canParse(input, base) ? new URL(input, base) : null;
    }
    get searchParams(): object {
      return (this.#params ??= bind(this.#parts.search.slice(1), (query) => {
        const parts = askUrl(this.#parts.href, "", "search", query);
        if (parts) this.#parts = parts;
      }));
    }
    toString(): string {
      return this.#parts.href;
    }
    toJSON(): string {
      return this.#parts.href;
    }
  }
  return {
    type: URL,
    change: (url, name, value) => change(url as URL, name, value),
  };
}

export const urlFunctions = [createUrl, invalidUrl, createUrlClass];
