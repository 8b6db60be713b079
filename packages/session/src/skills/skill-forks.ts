import type { Diagnostic, JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type {
  CallRecord,
  ExecuteLimits,
  ExecuteRequest,
  ExecuteResult,
  HostFunction,
  HostFunctionOptions,
} from "@codemode/sandbox";
import { DEFAULT_LIMITS } from "@codemode/sandbox";

import { isObject, positional } from "../host-arguments.ts";
import { forkAnswer } from "./fork-answer.ts";
import type { ForkGuests } from "./fork-guests.ts";
import type { ForkPool } from "./fork-pool.ts";
import { createForkPool } from "./fork-pool.ts";
import type { ForkRequest } from "./fork-program.ts";
import { forkProgram } from "./fork-program.ts";
import { checkChain, skillChain, skillName } from "./skill-chain.ts";
import type { ForkedSkill, SkillRuntime } from "./skill-runtime.ts";

/** Skills of one execution that run in guests of their own. */
export interface SkillForks {
  /** The execution's request, with what its guest asks for such skills. */
  readonly request: ExecuteRequest;
  /** Closes the guests, and adds what was done in them to the execution's result. */
  finish(result: ExecuteResult): Promise<ExecuteResult>;
}

/** What forks need of their session. */
export interface ForkParts {
  readonly guests: ForkGuests;
  readonly skills: SkillRuntime;
}

/** A guest that asks for a skill. */
interface Caller {
  readonly request: ExecuteRequest;
  /** The skills that the host knows to run in it; empty of the program's own. */
  readonly chain: readonly string[];
}

/** What the forks of one execution share. */
interface Forks {
  readonly skills: SkillRuntime;
  readonly pool: ForkPool;
  readonly elapsed: () => number;
  readonly running: Set<Promise<ExecuteResult>>;
  readonly calls: CallRecord[];
  readonly warnings: Diagnostic[];
  count: number;
}

/**
 * Runs skills in guests of their own for one execution. All that such a guest does goes the way of
 * the guest that asked for it, marked with the skill by the host: nothing in it can take the mark off.
 */
export function createSkillForks(
  { guests, skills }: ForkParts,
  request: ExecuteRequest,
): SkillForks {
  const start = performance.now();
  const forks: Forks = {
    skills,
    pool: createForkPool(guests),
    elapsed: () => performance.now() - start,
    running: new Set(),
    calls: [],
    warnings: [],
    count: 0,
  };
  const fork = createFork(forks, { request, chain: [] });
  return {
    request: { ...request, hostFunctions: { ...request.hostFunctions, "skills.fork": fork } },
    async finish(result) {
      if (forks.count === 0) return result;
      await forks.pool.close();
      await Promise.allSettled(forks.running);
      const calls = [...result.calls, ...forks.calls].toSorted((a, b) => a.startedMs - b.startedMs);
      return { ...result, calls, warnings: [...result.warnings, ...forks.warnings] };
    },
  };
}

function createFork(forks: Forks, caller: Caller): HostFunction {
  const run: HostFunction = async (args, options) => {
    const [id, given] = positional(args);
    const asked = readRequest(given);
    const root = await forks.skills.version(typeof id === "string" ? id : "");
    const chain = [...skillChain(caller.chain, options.skills), root.id];
    checkChain(chain);
    using lease = await forks.pool.acquire(chain.join(">"), chain.length, options.signal);
    forks.count += 1;
    const startedMs = forks.elapsed();
    const request = forkedRequest(forks, caller, { root, chain, asked, options });
    const running = lease.guest.execute(request);
    forks.running.add(running);
    const result = await running;
    forks.running.delete(running);
    const skill = root.skill.name;
    for (const call of result.calls) forks.calls.push(moved(call, startedMs, skill));
    for (const warning of result.warnings) addWarning(forks, warning, skill);
    return forkAnswer(result, { skill, maxLength: limitsOf(caller.request).maxValueBytes });
  };
  return Object.assign(run, { untimed: true });
}

interface Fork {
  readonly root: ForkedSkill;
  /** The root is its last. */
  readonly chain: readonly string[];
  readonly asked: ForkRequest;
  readonly options: HostFunctionOptions;
}

function forkedRequest(forks: Forks, caller: Caller, fork: Fork): ExecuteRequest {
  const { asked, options } = fork;
  const { executionId, catalog, skillModules, callTool, onEvent } = caller.request;
  const mark = markOf(caller, fork);
  const hostFunctions = hostFunctionsOf(forks, caller, fork);
  const request: ExecuteRequest = {
    executionId: `${executionId}.${forks.count}`,
    code: forkProgram(asked),
    catalog,
    hostFunctions,
    limits: limitsOf(caller.request),
    signal: options.signal,
    ...(skillModules && { skillModules }),
    callTool: (call, callOptions) =>
      callTool(
        { ...call, executionId, skills: mark(call.skills) },
        { ...callOptions, pause: pauseBoth(callOptions.pause, options.pause) },
      ),
    ...(onEvent && { onEvent: (event) => onEvent({ ...event, executionId }) }),
  };
  hostFunctions["skills.fork"] = createFork(forks, { request, chain: fork.chain });
  return request;
}

/** Marks what the guest does with the skills between the caller's and its own, whatever it says. */
function markOf(caller: Caller, { chain, root }: Fork): (marks: string | undefined) => string {
  const own = chain.slice(caller.chain.length);
  return (marks) => skillChain(own, marks).join(">") || root.id;
}

/** The caller's own, marked; a skill is handed out to its own guest to run there. */
function hostFunctionsOf(forks: Forks, caller: Caller, fork: Fork): Record<string, HostFunction> {
  const { executionId, hostFunctions } = caller.request;
  const mark = markOf(caller, fork);
  const marked: Record<string, HostFunction> = {};
  for (const [name, run] of Object.entries(hostFunctions)) {
    marked[name] = (args, options) =>
      run(args, { ...options, executionId, skills: mark(options.skills) });
  }
  const outer = fork.chain.slice(0, -1).map(skillName);
  marked["skills.load"] = async (args) => {
    const [reference] = positional(args);
    const name = typeof reference === "string" ? reference : "";
    const answer = await forks.skills.load(name, fork.root.skill);
    return { ...answer, outer };
  };
  return marked;
}

// What is given to a skill goes into the source.
const MAX_SOURCE = 20_000_000;

/** What it gives has to fit into one answer with what it logs. */
function limitsOf({ limits }: ExecuteRequest): Partial<ExecuteLimits> & {
  readonly maxValueBytes: number;
} {
  const { maxToolResultBytes: all, maxLogBytes: logs } = { ...DEFAULT_LIMITS, ...limits };
  // A little less than its caller keeps: what it leaves out is told once.
  const maxLogBytes = Math.floor(Math.min(logs * 0.9, all / 4));
  const maxValueBytes = all - 2 * maxLogBytes;
  return { ...limits, maxSourceBytes: MAX_SOURCE, maxLogBytes, maxValueBytes };
}

type Pause = HostFunctionOptions["pause"];

/** Somebody is asked: the clocks of all that wait stand still. */
function pauseBoth(inner: Pause, outer: Pause): () => () => void {
  return () => {
    const resume = [inner?.(), outer?.()];
    return () => {
      for (const goOn of resume) goOn?.();
    };
  };
}

/** Once each, under the skill's name; its values are inside of ours. */
function addWarning({ warnings }: Forks, { code, message }: Diagnostic, skill: string): void {
  const own = message.replace(/^value\.value(?:\.values)?/, "value");
  const text = `Skill "${skill}": ${own}`;
  if (!warnings.some((one) => one.message === text)) warnings.push({ code, message: text });
}

function moved(call: CallRecord, byMs: number, skill: string): CallRecord {
  return { skill, ...call, startedMs: call.startedMs + byMs };
}

/** The guest sends what it was asked for; a program can make it send anything. */
function readRequest(given: JsonValue | undefined): ForkRequest {
  const { kind, reference, exportName, args } = isObject(given) ? given : {};
  const isKind = kind === "import" || kind === "call" || kind === "invoke" || kind === "run";
  if (!isKind || typeof reference !== "string" || typeof exportName !== "string") {
    throw new CodemodeError("INVALID_ARGUMENTS", "There is no such request of a skill.");
  }
  return { kind, reference, exportName, args: args === undefined ? [] : positional(args) };
}
