import type { Requirement } from "./requirement.ts";

/** How tools are called and modules imported. */
export const CALLS = {
  "call.namespace": { behavior: "server.tool(args) calls the tool" },
  "call.original-name": { behavior: '`server["original-name"](args)` calls the tool' },
  "call.tools": { behavior: "tools.server.tool(args) calls the tool" },
  "call.by-name": { behavior: "tools.call(name, args) calls the tool" },
  "call.destructured": { behavior: "a tool taken out of its server works" },
  "call.no-arguments": { behavior: "no arguments are an empty object" },
  "call.raw": { behavior: ".raw asks for the whole result" },
  "call.listed": { behavior: "a server's members are its tools" },
  "call.arguments": { behavior: "arguments reach the host as they are" },
  "call.undefined-arguments": { behavior: "arguments that are undefined are left out" },
  "call.proxy-arguments": { behavior: "a proxy as arguments is what it shows, or refused" },
  "call.large-arguments": { behavior: "arguments over 8 MB are INVALID_ARGUMENTS" },
  "call.answer": { behavior: "answers reach the program as they are" },
  "call.own-answers": { behavior: "every answer is an object of its own" },
  "call.empty-answer": { behavior: "no answer is null" },
  "call.broken-answer": { behavior: "an answer that is no JSON fails the call" },
  "call.failure": {
    behavior: "a failed call throws ToolError with tool, code, message, details and retryable",
  },
  "call.failure-line": { behavior: "an uncaught ToolError has the line of its call" },
  "call.foreign-failure": { behavior: "whatever the host throws fails the call as TOOL_FAILED" },
  "call.failures-apart": { behavior: "one failure of many leaves the other calls alone" },
  "call.positional": { behavior: "several arguments are INVALID_ARGUMENTS" },
  "call.lossy-arguments": {
    behavior: "arguments that JSON would change are INVALID_ARGUMENTS and no call is made",
  },
  "call.unknown-tool": {
    behavior: "an unknown tool of a server reaches the host, which refuses it",
  },
  "call.hostile-name": { behavior: "a tool's name is only text" },
  "call.then": { behavior: "a namespace is no thenable" },
  "call.parallel": { behavior: "calls run at the same time" },
  "call.many-parallel": { behavior: "1,000 parallel calls keep their answers apart" },
  "call.many-serial": { behavior: "200 calls in a row work" },
  "call.queue": { behavior: "calls over the limit wait their turn and all succeed" },
  "call.large-parallel": {
    behavior: "arguments over 8 MB in all wait in the program, and all calls succeed in order",
  },
  "call.too-large-parallel": {
    behavior: "calls with over 16 MB waiting before them are TOOL_LIMIT, and the session lives on",
  },
  "call.in-timer": { behavior: "a timer's callback may call tools" },
  "call.race": { behavior: "a call may lose a race against a timer" },
  "call.pause": {
    behavior: "while a call waits for a person neither its own time nor the program's runs",
  },
  "call.pause-ends": { behavior: "after a person's answer the rest of the time runs on" },
  "call.deadline": { behavior: "a call over its deadline is TOOL_TIMEOUT and the program goes on" },
  "call.deaf": { behavior: "a call that does not heed its signal ends at its deadline too" },
  "call.result-size": { behavior: "an answer over its limit is TOOL_RESULT_TOO_LARGE" },
  "call.large-answer": {
    behavior: "an answer of 10 MB reaches the program where the limit allows it; 64 MB never do",
  },
  "call.unawaited": { behavior: "calls left running are cancelled and told" },
  "call.unawaited-failure": { behavior: "a failed call that nobody awaits is a warning" },
  "call.late": {
    behavior: "a call after the end is never made",
    needs: { persistent: true },
    otherwise: "state.fresh",
  },
  "call.left-loop": {
    behavior: "a loop that its program left alone makes no calls in the next one",
  },
  "call.records": { behavior: "calls are recorded in order of starting, with outcome" },
  "call.events": { behavior: "calls are told as they start and end" },
  "call.host-function": { behavior: "tools.search, list and describe are functions of the host" },
  "call.artifacts": { behavior: "artifacts give text, JSON and bytes as they were saved" },
  "call.artifact-stretches": { behavior: "a large artifact is loaded in stretches of one version" },
  "call.deps": { behavior: "deps.add, list, remove and sync are functions of the host" },
  "call.features": { behavior: "what the catalog does not list is no global" },
  "call.large-value": {
    behavior: "a value over its limit comes whole where the host keeps it, with its length",
  },
  "call.host-function-failure": { behavior: "a failed host function throws ToolError" },
  "import.binding": {
    behavior: 'import from "generated/servers/x" and "generated/mcp/x" gives the tools',
  },
  "import.namespace": { behavior: "import * and import() give the namespace" },
  "import.spellings": { behavior: "extensions, ./, @/ and /index are left out of specifiers" },
  "import.hoisted": { behavior: "imports are there before the first statement" },
  "import.for-effect": { behavior: "an import without names runs its module" },
  "import.default": { behavior: "a default import of a server says what to write instead" },
  "import.unknown-module": {
    behavior:
      "an unknown module is IMPORT_NOT_FOUND with line and suggestion, before anything runs",
  },
  "import.unknown-name": {
    behavior: "an unknown export is IMPORT_NOT_FOUND with line and suggestion",
  },
  "import.missing": {
    behavior:
      "a module that is nowhere is an error with its line, in static imports IMPORT_NOT_FOUND",
  },
  "import.unknown-dynamic": { behavior: "import() of an unknown module rejects and can be caught" },
  "import.meta": { behavior: "import.meta is an empty object" },
  "import.source-module": {
    behavior: "a module of source runs once and gives its exports",
    needs: { persistent: true },
    otherwise: "state.fresh",
  },
  "import.module-imports": { behavior: "a module of source may import tools and other modules" },
  "import.cycle": { behavior: "modules that import each other fail and say so" },
  "import.helpers": {
    behavior: '"codemode/helpers" gives wait_for, retry, run_with_timeout, parallel, RateLimiter',
  },
  "import.unknown-helper": {
    behavior: "an unknown helper is IMPORT_NOT_FOUND with line and suggestion",
  },
  "helper.wait-for": { behavior: "wait_for asks until the answer is true, or for as long as told" },
  "helper.retry": { behavior: "retry calls again what failed, as often and only as told" },
  "helper.run-with-timeout": {
    behavior: "run_with_timeout throws TimeoutError where it takes long",
  },
  "helper.parallel": {
    behavior: "parallel keeps order and limit, and ends with the first failure",
  },
  "helper.rate-limiter": { behavior: "RateLimiter lets callers through in order, at its rate" },
  "import.new-catalog": { behavior: "a changed catalog is seen by the next program" },
  "import.no-node": {
    behavior: "Node's modules are IMPORT_NOT_FOUND",
    needs: { nodeApis: false },
    otherwise: "import.node",
  },
  "import.node": {
    behavior: "Node's modules can be imported",
    needs: { nodeApis: true },
    otherwise: "import.no-node",
  },
} as const satisfies Readonly<Record<string, Requirement>>;
