import { CodemodeError, isRecord, nearestNames } from "@codemode/core";
import { DEFAULT_LIMITS } from "@codemode/sandbox";

/** What a number has to be: `above` or `from` zero, whole where parts make no sense. */
type NumberRule = "above" | "from" | "whole above" | "whole from";

const SESSION_NUMBERS: { readonly [option: string]: NumberRule } = {
  memoryMb: "above",
  maxToolCalls: "whole from",
  maxGuests: "whole above",
  acquireTimeoutMs: "from",
  guestIdleMs: "above",
  largeResultTtlSeconds: "from",
};

/** A function that each part has, and what makes one: what else comes here is often a step too early. */
const PARTS: {
  readonly [option: string]: { readonly method: string; readonly made: string };
} = {
  registry: { method: "callTool", made: "createToolRegistry()" },
  sandbox: {
    method: "openSession",
    made: "a sandbox's factory, such as createIsolatedVmSandbox(),",
  },
  artifacts: { method: "save", made: "createArtifactStore({ storage })" },
  skills: { method: "create", made: "createSkillStore({ storage })" },
};

const REQUIRED = new Set(["registry", "sandbox"]);

const OTHERS = ["limits", "defaultGuest", "deps", "testsSkills", "onAudit"];

/**
 * Refuses what no compiler has seen, or cannot see: `NaN`, a negative limit, a key that says nothing. A limit
 * that is no number would otherwise be no limit. Throws `CONFIG_INVALID`, with every problem.
 */
export function checkSessionOptions(options: unknown): void {
  if (!isRecord(options)) throw invalid("createSession", ["it takes { registry, sandbox }"]);
  const problems = [
    ...unknownKeys(options, [...Object.keys(PARTS), ...Object.keys(SESSION_NUMBERS), ...OTHERS]),
    ...Object.entries(PARTS).flatMap(([name, part]) => partProblems(options, name, part)),
    ...numberProblems(options, SESSION_NUMBERS),
    ...limitProblems(options["limits"]),
  ];
  if (problems.length > 0) throw invalid("createSession", problems);
}

/** The same for one execution. */
export function checkExecuteOptions(code: unknown, options: unknown): void {
  const problems = [
    ...(typeof code === "string" ? [] : [`the program has to be a text, not ${shown(code)}`]),
    ...(isRecord(options)
      ? [...unknownKeys(options, EXECUTE_KEYS), ...numberProblems(options, { timeoutMs: "above" })]
      : [`the options have to be an object, not ${shown(options)}`]),
  ];
  if (problems.length > 0) throw invalid("execute", problems);
}

const EXECUTE_KEYS = ["session", "timeoutMs", "signal", "onEvent", "onElicit", "onSample"];

function limitProblems(limits: unknown): readonly string[] {
  if (limits === undefined) return [];
  if (!isRecord(limits)) return [`"limits" has to be an object, not ${shown(limits)}`];
  const rules = Object.keys(DEFAULT_LIMITS).map((name): [string, NumberRule] => [name, "above"]);
  const prefix = "limits.";
  return [
    ...unknownKeys(limits, Object.keys(DEFAULT_LIMITS), prefix),
    ...numberProblems(limits, Object.fromEntries(rules), prefix),
  ];
}

function unknownKeys(
  given: { readonly [key: string]: unknown },
  known: readonly string[],
  prefix = "",
): readonly string[] {
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const [nearest] = nearestNames(key, known, 1);
      const next =
        nearest === undefined ? `there are ${known.join(", ")}` : `did you mean "${nearest}"?`;
      return `unknown option ${JSON.stringify(`${prefix}${key}`)}: ${next}`;
    });
}

function partProblems(
  options: { readonly [key: string]: unknown },
  name: string,
  { method, made }: { readonly method: string; readonly made: string },
): readonly string[] {
  const value = options[name];
  if (value === undefined && !REQUIRED.has(name)) return [];
  if (isRecord(value) && typeof value[method] === "function") return [];
  return [`"${name}" has to be what ${made} gives, not ${shown(value)}`];
}

function numberProblems(
  given: { readonly [key: string]: unknown },
  rules: { readonly [option: string]: NumberRule },
  prefix = "",
): readonly string[] {
  return Object.entries(rules).flatMap(([name, rule]) => {
    const value = given[name];
    if (value === undefined) return [];
    const isWhole = !rule.startsWith("whole") || Number.isInteger(value);
    const isNumber = typeof value === "number" && Number.isFinite(value) && isWhole;
    if (isNumber && (rule.endsWith("above") ? value > 0 : value >= 0)) return [];
    const kind = rule.startsWith("whole") ? "a whole number" : "a finite number";
    const range = rule.endsWith("above") ? "above 0" : "from 0 on";
    return [`"${prefix}${name}" has to be ${kind} ${range}, not ${shown(value)}`];
  });
}

/** Never the value of an object: it may hold a secret. */
function shown(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : typeof value;
}

function invalid(what: string, problems: readonly string[]): CodemodeError {
  return new CodemodeError("CONFIG_INVALID", `${what}: ${problems.join("; ")}.`);
}
