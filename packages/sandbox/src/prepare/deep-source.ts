import { spawn } from "node:child_process";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

// A third of the shortest chain that overflows a main thread's stack, 8 MB.
const MAX_CHAIN_TOKENS = 4_000;
const CHILD_TIMEOUT_MS = 30_000;

/** Every level of nesting, of any construct, takes at least one of these tokens. */
const PUNCTUATION = /[!#%&(*+\-./:<=>?@[\\^`{|~]/g;
const KEYWORDS =
  /\b(?:abstract|as|asserts|async|await|case|declare|default|delete|do|else|export|extends|for|if|in|infer|instanceof|is|keyof|module|namespace|new|of|readonly|return|satisfies|throw|try|typeof|unique|void|while|with|yield)\b/g;

/**
 * Whether a native, recursive parser could overflow its stack over this source, which would end
 * the process. Such a source is parsed in a process of its own: `runInChild`.
 */
export function mayNestDeeply(text: string): boolean {
  const tokens = (text.match(PUNCTUATION)?.length ?? 0) + (text.match(KEYWORDS)?.length ?? 0);
  return tokens > MAX_CHAIN_TOKENS;
}

/**
 * Gives `text` to a module of ours in a process of its own, by standard input, and reads the JSON
 * it prints. `undefined` where the child died, as it does when its stack overflows.
 *
 * @param entry The module's URL; `.ts` where we run from source, `.js` otherwise.
 */
export async function runInChild(entry: URL, text: string): Promise<unknown> {
  const child = spawn(process.execPath, [fileURLToPath(entry)], {
    env: {},
    stdio: ["pipe", "pipe", "ignore"],
    timeout: CHILD_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  // A child that dies early takes the pipe with it; its missing answer says so.
  child.stdin.on("error", () => undefined);
  child.stdin.end(text);
  try {
    return await json(child.stdout);
  } catch {
    // It crashed or took too long: the caller says that the source is nested too deep.
    return undefined;
  }
}
