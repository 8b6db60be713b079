import type { SandboxCapabilities } from "../capabilities.ts";

/** One thing that every sandbox does. */
export interface Requirement {
  readonly behavior: string;
  /** Where it holds. Default: everywhere. */
  readonly needs?: (capabilities: SandboxCapabilities) => boolean;
}

const hard = (capabilities: SandboxCapabilities): boolean => capabilities.hardKill;
const limited = (capabilities: SandboxCapabilities): boolean => capabilities.memoryLimit === "hard";
const persistent = (capabilities: SandboxCapabilities): boolean => capabilities.persistent;
const sealed = (capabilities: SandboxCapabilities): boolean => !capabilities.nodeApis;

/** All requirements, by id. Tests cite them; a test sees that each is cited. */
export const REQUIREMENTS = {
  "value.json": { behavior: "JSON values come back as they are" },
  "value.undefined": { behavior: "no value is undefined, not null" },
  "value.undefined-members": {
    behavior: "members that are undefined are left out, elements are null",
  },
  "value.negative-zero": { behavior: "-0 is 0" },
  "value.not-a-number": { behavior: "NaN and the infinities are their names, with a warning" },
  "value.big-integer": { behavior: "big integers are decimal text, with a warning" },
  "value.date": { behavior: "a date is its ISO text; an invalid one null" },
  "value.map-and-set": { behavior: "maps and sets are arrays, with a warning" },
  "value.binary": { behavior: "typed arrays are arrays of numbers, with a warning" },
  "value.error": { behavior: "an error as value is an object with name and message" },
  "value.to-json": { behavior: "an object's own toJSON is asked" },
  "value.boxed": { behavior: "boxed primitives are primitives" },
  "value.class-instance": { behavior: "an instance is an object of its own members" },
  "value.member-function": {
    behavior: "members that are functions or symbols are left out, with a warning",
  },
  "value.function": { behavior: "a function as value is RESULT_NOT_JSON" },
  "value.cycle": { behavior: "a cycle is RESULT_NOT_JSON and names the place" },
  "value.shared": { behavior: "the same object twice is no cycle" },
  "value.getter": { behavior: "a getter that throws is RESULT_NOT_JSON and names the place" },
  "value.depth": { behavior: "over 1,000 levels are RESULT_NOT_JSON" },
  "value.unicode": { behavior: "lone surrogates, line separators and control characters survive" },
  "value.proto-key": { behavior: "a member named __proto__ is a member" },
  "value.wide": { behavior: "an object of 10,000 members comes back" },
  "value.promise": { behavior: "a promise as last expression is awaited" },
  "error.thrown": { behavior: "a thrown error comes back with name, message, line and frame" },
  "error.nested-function": {
    behavior: "an error in a function has the line of the function's body",
  },
  "error.typescript-lines": {
    behavior: "lines are those of the source, whatever types were removed",
  },
  "error.syntax": { behavior: "a syntax error is placed and is phase compile" },
  "error.non-error": { behavior: "a thrown non-error is described" },
  "error.rejection": { behavior: "a rejected top-level promise fails the program" },
  "error.unhandled-rejection": { behavior: "a rejection nobody handles is a warning" },
  "error.after-failure": { behavior: "the next program works after a failed one" },
  "error.no-host-paths": { behavior: "errors and stacks name no place of the host" },
  "error.hostile-message": { behavior: "an error whose message throws is still an error" },
  "error.prepare-stack": {
    behavior: "a program's own Error.prepareStackTrace harms only its line",
  },
  "call.namespace": { behavior: "server.tool(args) calls the tool" },
  "call.original-name": { behavior: 'server["original-name"](args) calls the tool' },
  "call.tools": { behavior: "tools.server.tool(args) calls the tool" },
  "call.by-name": { behavior: "tools.call(name, args) calls the tool" },
  "call.no-arguments": { behavior: "no arguments are an empty object" },
  "call.raw": { behavior: ".raw asks for the whole result" },
  "call.failure": {
    behavior: "a failed call throws ToolError with tool, code, message, details and retryable",
  },
  "call.failure-line": { behavior: "an uncaught ToolError has the line of its call" },
  "call.positional": { behavior: "several arguments are INVALID_ARGUMENTS" },
  "call.lossy-arguments": {
    behavior: "arguments that JSON would change are INVALID_ARGUMENTS and no call is made",
  },
  "call.unknown-tool": {
    behavior: "an unknown tool of a server reaches the host, which refuses it",
  },
  "call.then": { behavior: "a namespace is no thenable" },
  "call.parallel": { behavior: "calls run at the same time" },
  "call.many-parallel": { behavior: "1,000 parallel calls keep their answers apart" },
  "call.many-serial": { behavior: "200 calls in a row work" },
  "call.queue": { behavior: "calls over the limit wait their turn and all succeed" },
  "call.deadline": { behavior: "a call over its deadline is TOOL_TIMEOUT and the program goes on" },
  "call.result-size": { behavior: "an answer over its limit is TOOL_RESULT_TOO_LARGE" },
  "call.unawaited": { behavior: "calls left running are cancelled and told" },
  "call.late": { behavior: "a call after the end is never made", needs: persistent },
  "call.records": { behavior: "calls are recorded in order of starting, with outcome" },
  "call.events": { behavior: "calls are told as they start and end" },
  "call.host-function": { behavior: "tools.search, list and describe are functions of the host" },
  "import.binding": {
    behavior: 'import from "generated/servers/x" and "generated/mcp/x" gives the tools',
  },
  "import.namespace": { behavior: "import * and import() give the namespace" },
  "import.unknown-module": {
    behavior:
      "an unknown module is IMPORT_NOT_FOUND with line and suggestion, before anything runs",
  },
  "import.unknown-name": {
    behavior: "an unknown export is IMPORT_NOT_FOUND with line and suggestion",
  },
  "import.source-module": {
    behavior: "a module of source runs once and gives its exports",
    needs: persistent,
  },
  "import.module-imports": { behavior: "a module of source may import tools and other modules" },
  "import.cycle": { behavior: "modules that import each other fail and say so" },
  "import.new-catalog": { behavior: "a changed catalog is seen by the next program" },
  "state.variables": { behavior: "variables, functions and classes live on", needs: persistent },
  "state.redeclare": { behavior: "names may be declared again", needs: persistent },
  "state.imports": { behavior: "imports live on", needs: persistent },
  "state.after-throw": { behavior: "what was assigned before a throw lives on", needs: persistent },
  "state.apart": { behavior: "two sessions never see each other" },
  "state.order": { behavior: "programs of one session run one after another", needs: persistent },
  "log.levels": { behavior: "console methods give lines with level, text and time" },
  "log.format": { behavior: "values are shown readably, placeholders filled in" },
  "log.streamed": { behavior: "lines are told as they are written, in order" },
  "log.capped": {
    behavior: "a flood keeps the first and the last lines and says how many were dropped",
  },
  "log.hostile": { behavior: "a value that cannot be shown does not fail the program" },
  "timer.works": { behavior: "setTimeout, setInterval and queueMicrotask work" },
  "timer.cleared": { behavior: "timers end with their program", needs: persistent },
  "limit.timeout": {
    behavior: "a program that waits too long is TIMEOUT; its variables live on",
    needs: persistent,
  },
  "limit.compute": {
    behavior: "a program that computes too long is COMPUTE_LIMIT; its variables live on",
    needs: persistent,
  },
  "limit.microtasks": { behavior: "an endless loop of microtasks is stopped" },
  "limit.hard-kill": {
    behavior: "a built-in that blocks is killed; the session is lost and says so",
    needs: hard,
  },
  "limit.memory": {
    behavior: "a memory bomb is MEMORY_LIMIT; the session is lost",
    needs: limited,
  },
  "limit.value-size": {
    behavior: "a value over its limit is RESULT_TOO_LARGE; the variable lives on",
    needs: persistent,
  },
  "limit.source-size": { behavior: "a source over its limit is SOURCE_TOO_LARGE" },
  "stop.cancel": {
    behavior: "a cancelled program is CANCELLED, its calls are cancelled too",
    needs: persistent,
  },
  "stop.cancelled-before": { behavior: "a program cancelled before it began never runs" },
  "stop.dispose": { behavior: "a disposed session refuses programs; disposing twice is fine" },
  "stop.dispose-sandbox": { behavior: "a disposed sandbox opens no session" },
  "global.url": { behavior: "URL is the platform's" },
  "global.search-params": { behavior: "URLSearchParams is the platform's" },
  "global.crypto": { behavior: "crypto has randomUUID, getRandomValues and subtle.digest" },
  "global.abort": { behavior: "AbortController and AbortSignal are the platform's" },
  "global.events": { behavior: "Event, CustomEvent, EventTarget and DOMException are there" },
  "global.clone": { behavior: "structuredClone copies all kinds of data, and cycles" },
  "global.text": { behavior: "TextEncoder and TextDecoder do UTF-8, right and wrong" },
  "global.base64": { behavior: "btoa and atob do base64, and refuse what is none" },
  "global.look": { behavior: "globals look like the platform's and are not listed" },
  "global.own": { behavior: "a program's own names go before the platform's" },
  "global.polluted": {
    behavior: "globals on changed prototypes tell nothing of the host",
    needs: sealed,
  },
  "global.deep": {
    behavior: "globals on a full stack tell nothing of the host",
    needs: sealed,
  },
  "escape.function-constructor": {
    behavior: "no object leads to a constructor of the host",
    needs: sealed,
  },
  "escape.globals": {
    behavior: "no process, require or network of the host is there",
    needs: sealed,
  },
  "escape.this": { behavior: "this is undefined in a program" },
  "escape.prototypes": { behavior: "changed prototypes of the language change no result" },
  "escape.replaced-globals": {
    behavior: "a replaced JSON, Promise or console breaks nothing of ours",
  },
  "escape.forged-frames": { behavior: "text that looks like a frame is only text" },
  "escape.proxy-result": { behavior: "a hostile proxy as value ends in an error" },
  "escape.assigned-tools": { behavior: "tools of a namespace cannot be replaced" },
} as const satisfies Readonly<Record<string, Requirement>>;

/** The id of a requirement. */
export type RequirementId = keyof typeof REQUIREMENTS;
