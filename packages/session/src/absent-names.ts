import { didYouMean } from "@codemode/core";

const BY_NAME =
  'Call tools as server.tool({ ... }), or by name: tools.call("server.tool", { ... }).';
const BY_NEED =
  'Search with tools.search("what you need"); tools.list() and tools.describe(name) are there too.';
const NO_NETWORK = "Programs have no network of their own: call a tool.";
const NO_MODULES =
  "Programs have no Node modules: call tools instead, or import from generated/servers/<server>.";
const NO_FILES = "Programs have no file system: call a tool that reads and writes files.";
const RETURN_IT = "Programs are no CommonJS modules: return the value, or use export default.";
const NO_PAGE =
  "Programs run outside of a browser: there is no page. Globals are properties of globalThis.";
const NO_STORE =
  "Programs have no storage: variables live on in the session, so give its handle and use a variable.";
const NO_STREAMS =
  "Programs have no blobs and streams: use strings, Uint8Array, TextEncoder and TextDecoder.";
const NO_RUNTIME =
  "Programs are plain TypeScript without Node, Deno or Bun: call tools for what is outside.";
const NO_THREADS = "Programs have one thread: run independent calls at once with Promise.all.";
const NO_ARTIFACTS =
  'This session keeps no artifacts: "storage" in the configuration, or the session option "artifacts", says where they are kept.';
const NO_SKILLS =
  'This session has no skills: "skills" in the configuration, or the session option, says who has them.';
const NO_HASHING =
  'The global crypto is that of the web: crypto.randomUUID(), crypto.getRandomValues(bytes) and await crypto.subtle.digest("SHA-256", bytes).';

/** What can be called on the objects that every program has. */
const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["artifacts", "save load list get exists delete search versions".split(" ")],
  ["skills", "invoke list search get create delete save update versions rollback load".split(" ")],
]);

/** Names of other worlds that programs reach for, and what there is instead. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ...named(["require", "util", "assert", "child_process", "os"], NO_MODULES),
  ...named(["fs", "path", "__dirname", "__filename"], NO_FILES),
  ...named(["module", "exports"], RETURN_IT),
  ["process", "Programs have no process: environment variables and arguments stay on the host."],
  ["Buffer", "Programs have no Buffer: use Uint8Array, TextEncoder, TextDecoder, atob and btoa."],
  ...named(
    ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "axios", "http", "https"],
    NO_NETWORK,
  ),
  ...named(["Headers", "Request", "Response", "FormData"], NO_NETWORK),
  ...named(["window", "document", "self", "global", "navigator", "location", "alert"], NO_PAGE),
  ...named(["localStorage", "sessionStorage", "indexedDB", "caches"], NO_STORE),
  ...named(["Blob", "File", "FileReader", "ReadableStream", "WritableStream"], NO_STREAMS),
  ...named(["TransformStream", "CompressionStream", "DecompressionStream"], NO_STREAMS),
  ...named(["Deno", "Bun"], NO_RUNTIME),
  ...named(["Worker", "SharedArrayBuffer", "Atomics", "MessageChannel"], NO_THREADS),
  ["WebAssembly", "Programs have no WebAssembly: write it in TypeScript, or call a tool."],
  ...named(["setImmediate", "clearImmediate", "requestAnimationFrame"], noTimer),
  ...named(["createHash", "createHmac", "randomBytes"], NO_HASHING),
  ["artifacts", NO_ARTIFACTS],
  ["skills", NO_SKILLS],
  ...named(
    ["sleep", "delay", "wait"],
    'Wait with await new Promise((done) => setTimeout(done, 1_000)); for a condition: import { wait_for } from "codemode/helpers".',
  ),
  ["print", "Use console.log, or return the value."],
  ...named(["callTool", "call_tool", "codemode"], BY_NAME),
  ...named(["searchTools", "search_tools"], BY_NEED),
]);

function noTimer(name: string): string {
  return `Programs have no ${name}: use setTimeout, clearTimeout or queueMicrotask.`;
}

function named(
  names: readonly string[],
  hint: string | ((name: string) => string),
): readonly (readonly [string, string])[] {
  return names.map((name) => [name, typeof hint === "string" ? hint : hint(name)]);
}

/** What to use instead of a name that no program has; `undefined` for one that is not known here. */
export function absentNameHint(name: string): string | undefined {
  return ABSENT.get(name);
}

/**
 * The same for what an error says is no function or constructor: `globalThis.fetch`, or a member of
 * `crypto` that only Node has.
 */
export function absentMemberHint(message: string): string | undefined {
  const [, object, member] =
    /^(globalThis|crypto|crypto\.subtle|\w+)\.(\w+) is not a (?:function|constructor)$/.exec(
      message,
    ) ?? [];
  if (object === undefined || member === undefined) return undefined;
  if (object === "globalThis") return ABSENT.get(member);
  if (object.startsWith("crypto")) return NO_HASHING;
  const members = MEMBERS.get(object);
  return members && `${object} has ${members.join(", ")}.${didYouMean(member, members)}`;
}
