import type * as Crypto from "node:crypto";

const URL_PARTS = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;
// As much as the guest ever asks for at once.
const MAX_RANDOM_BYTES = 65_536;

let hash: Crypto.Hash | undefined;
let decoder: InstanceType<typeof TextDecoder> | undefined;

/**
 * Answers what a guest cannot make itself: random bytes, digests, the parts of a URL, texts in other
 * encodings than UTF-8. Texts come in and texts go out; whatever a program may have put into a question, nothing is thrown at it.
 */
export function answerGuest(question: string): string | undefined {
  try {
    const body = question.slice(2);
    switch (question[1]) {
      case "R":
        return crypto()
          .randomBytes(Math.min(Number(body), MAX_RANDOM_BYTES))
          .toString("latin1");
      case "H":
        hash = crypto().createHash(body);
        return undefined;
      case "B":
        hash?.update(body, "latin1");
        return undefined;
      case "E":
        return endHash();
      case "U":
        return parseUrl(body);
      case "T":
        return beginText(body);
      case "P":
        return decoder?.decode(Buffer.from(body, "latin1"), { stream: true });
      case "F":
        return decoder?.decode();
      default:
        return undefined;
    }
  } catch {
    // What cannot be answered is no; the guest says what that means.
    return undefined;
  }
}

/** Loaded when first needed: few programs ask. */
function crypto(): typeof Crypto {
  return process.getBuiltinModule("node:crypto");
}

function endHash(): string | undefined {
  const digest = hash?.digest().toString("latin1");
  hash = undefined;
  return digest;
}

/** The encoding's own name. */
function beginText(question: string): string {
  decoder = undefined;
  decoder = new TextDecoder(question.slice(2), {
    fatal: question[0] === "1",
    ignoreBOM: question[1] === "1",
  });
  return decoder.encoding;
}

function parseUrl(json: string): string | undefined {
  const [input, base, part, value]: readonly string[] = JSON.parse(json);
  const url = URL.parse(input ?? "", base === "" && part !== undefined ? undefined : base);
  if (!url) return undefined;
  const writable = URL_PARTS.find((name) => name === part);
  if (writable !== undefined && writable !== "origin") url[writable] = value ?? "";
  return JSON.stringify(Object.fromEntries(URL_PARTS.map((name) => [name, url[name]])));
}
