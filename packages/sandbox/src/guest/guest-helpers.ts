import type { GuestRealm } from "./guest-realm.ts";

type Sleep = (ms: number) => Promise<void>;
type Options = Readonly<Record<string, unknown>>;

/** What helpers stand on, taken before any program could put something else in its place. */
interface HelperKit {
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly setTimer: (run: () => void, ms: number) => number;
  readonly stopTimer: (timer: number) => void;
}

/** `codemode/helpers`, made when it is first imported. */
function installHelpers(realm: GuestRealm): void {
  const setTimer = realm.global["setTimeout"] as HelperKit["setTimer"];
  const stopTimer = realm.global["clearTimeout"] as HelperKit["stopTimer"];
  const NewPromise = Promise;
  const sleep: Sleep = (ms) => new NewPromise((wake) => setTimer(wake, ms));
  const kit = { now: realm.now, sleep, setTimer, stopTimer };
  let helpers: object | undefined;
  realm.helpers = () => (helpers ??= realm.freeze(createHelpers(kit)));
}

function createHelpers(kit: HelperKit): object {
  const wait_for = createWaitFor(kit);
  const retry = createRetry(kit);
  const run_with_timeout = createRunWithTimeout(kit);
  const parallel = createParallel();
  const RateLimiter = createRateLimiter(kit);
  return {
    __proto__: null,
    wait_for,
    waitFor: wait_for,
    retry,
    run_with_timeout,
    runWithTimeout: run_with_timeout,
    parallel,
    RateLimiter,
  };
}

/** Milliseconds of an option in seconds, or of its twin in milliseconds. */
function readMs(options: Options, name: string, otherwise: number): number {
  const ms = options[`${name}Ms`];
  const value = ms === undefined ? options[name] : ms;
  if (value === undefined) return otherwise;
  const result = typeof value === "number" ? value * (ms === undefined ? 1_000 : 1) : NaN;
  if (result >= 0) return result;
  const unit = ms === undefined ? `${name} takes seconds` : `${name}Ms takes milliseconds`;
  throw new TypeError(`${unit}: a number from 0 up.`);
}

/** A count from 1 up, under the first of its names that is there. */
function readCount(options: Options, names: readonly string[], otherwise: number): number {
  for (let index = 0; index < names.length; index += 1) {
    const value = options[names[index] ?? ""];
    if (value === undefined) continue;
    if (typeof value === "number" && value >= 1) return Math.floor(value);
    throw new TypeError(`${names[index]} takes a number from 1 up.`);
  }
  return otherwise;
}

function assertFunction(value: unknown, message: string): () => unknown {
  if (typeof value !== "function") throw new TypeError(message);
  return value as () => unknown;
}

function timeoutError(what: string, ms: number): Error {
  const error = new Error(`${what} within ${ms / 1_000} s.`);
  error.name = "TimeoutError";
  return error;
}

/** Asks until the answer is true, and gives it. */
function createWaitFor({ now, sleep }: HelperKit) {
  return async (condition: unknown, options: Options = {}): Promise<unknown> => {
    const ask = assertFunction(condition, "wait_for takes a function that says whether to go on.");
    const interval = readMs(options, "interval", 1_000);
    const timeout = readMs(options, "timeout", Infinity);
    const end = now() + timeout;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one question after another
      const answer = await ask();
      if (answer) return answer;
      const left = end - now();
      if (left <= 0) {
        const { description = "The condition" } = options;
        throw timeoutError(`${String(description)} did not come true`, timeout);
      }
      // oxlint-disable-next-line no-await-in-loop -- and the time between them
      await sleep(interval < left ? interval : left);
    }
  };
}

/** Calls again what failed, after a delay that may grow. */
function createRetry({ sleep }: HelperKit) {
  const isRetried = (wanted: unknown, error: unknown): boolean => {
    if (wanted === undefined) return true;
    const kinds = (Array.isArray(wanted) ? wanted : [wanted]) as readonly unknown[];
    for (let index = 0; index < kinds.length; index += 1) {
      const kind = kinds[index];
      if (typeof kind === "string") {
        const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
        if (name === kind || code === kind) return true;
      } else if (typeof kind === "function") {
        const { prototype } = kind as { prototype?: unknown };
        const isClass = prototype instanceof Error || kind === Error;
        if (isClass ? error instanceof (kind as ErrorConstructor) : kind(error)) return true;
      }
    }
    return false;
  };
  return async (fn: unknown, options: Options = {}): Promise<unknown> => {
    const run = assertFunction(fn, "retry takes a function: retry(() => server.tool({ ... })).");
    const attempts = readCount(options, ["attempts", "max_attempts", "maxAttempts"], 3);
    const backoff = Number(options["backoff"] ?? 1);
    const wanted = options["exceptions"] ?? options["retryIf"] ?? options["retry_if"];
    const onRetry = options["on_retry"] ?? options["onRetry"];
    let delay = readMs(options, "delay", 1_000);
    for (let attempt = 1; ; attempt += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- again only after a failure
        return await run();
      } catch (error) {
        if (attempt >= attempts || !isRetried(wanted, error)) throw error;
        // oxlint-disable-next-line no-await-in-loop -- told before the next attempt
        if (typeof onRetry === "function") await onRetry(attempt, error);
      }
      // oxlint-disable-next-line no-await-in-loop -- the time between two attempts
      await sleep(delay);
      delay *= backoff;
    }
  };
}

/** The value of a function or promise, or an error where it takes too long; it is not stopped. */
function createRunWithTimeout({ setTimer, stopTimer }: HelperKit) {
  const NewPromise = Promise;
  return async (task: unknown, options: Options | number): Promise<unknown> => {
    const given = typeof options === "number" ? { timeout: options } : (options ?? {});
    const timeout = readMs(given, "timeout", -1);
    if (timeout < 0)
      throw new TypeError("run_with_timeout takes seconds: run_with_timeout(fn, 5).");
    let timer = 0;
    const { description = "The task" } = given as { description?: unknown };
    const late = new NewPromise((_resolve, reject) => {
      const fail = (): void => reject(timeoutError(`${String(description)} did not end`, timeout));
      timer = setTimer(fail, timeout);
    });
    const run = async (): Promise<unknown> =>
      typeof task === "function" ? (task as () => unknown)() : task;
    try {
      return await new NewPromise((resolve, reject) => {
        run().then(resolve, reject);
        late.then(resolve, reject);
      });
    } finally {
      stopTimer(timer);
    }
  };
}

/** Runs tasks some at a time; the values in the order of the tasks. */
function createParallel() {
  const NewPromise = Promise;
  return async (tasks: unknown, options: Options | number = {}): Promise<readonly unknown[]> => {
    if (typeof tasks !== "object" || tasks === null)
      throw new TypeError("parallel takes a list of functions: parallel([() => a(), () => b()]).");
    const list = [...(tasks as readonly unknown[])];
    const given = typeof options === "number" ? { limit: options } : options;
    const limit = readCount(given, ["limit", "max_concurrent", "maxConcurrent"], 8);
    const { settled = false } = given as { settled?: unknown };
    const values: unknown[] = [];
    let next = 0;
    const runOne = async (index: number): Promise<void> => {
      const task = list[index];
      try {
        const value = await (typeof task === "function" ? (task as () => unknown)() : task);
        values[index] = settled ? { status: "fulfilled", value } : value;
      } catch (error) {
        if (!settled) throw error;
        values[index] = { status: "rejected", reason: error };
      }
    };
    const work = async (): Promise<void> => {
      while (next < list.length) {
        const index = next;
        next += 1;
        // oxlint-disable-next-line no-await-in-loop -- a worker takes one task after another
        await runOne(index);
      }
    };
    await new NewPromise<void>((resolve, reject) => {
      const workers = limit < list.length ? limit : list.length;
      let busy = workers;
      if (workers === 0) resolve();
      const end = (): void => {
        busy -= 1;
        if (busy === 0) resolve();
      };
      const fail = (error: unknown): void => {
        // No further task is started.
        next = list.length;
        reject(error);
      };
      for (let index = 0; index < workers; index += 1) work().then(end, fail);
    });
    return values;
  };
}

/** Lets so many callers a second through, in the order they came. */
function createRateLimiter({ now, sleep }: HelperKit) {
  return class RateLimiter {
    readonly calls_per_second: number;
    #nextAt = 0;
    constructor(rate: unknown) {
      const { calls_per_second, callsPerSecond } = (
        typeof rate === "object" && rate !== null ? rate : { calls_per_second: rate }
      ) as Options;
      const perSecond = calls_per_second ?? callsPerSecond;
      if (typeof perSecond !== "number" || !(perSecond > 0))
        throw new TypeError("RateLimiter takes calls per second: new RateLimiter(5).");
      this.calls_per_second = perSecond;
    }
    async acquire(): Promise<void> {
      const at = now();
      const start = this.#nextAt > at ? this.#nextAt : at;
      this.#nextAt = start + 1_000 / this.calls_per_second;
      if (start > at) await sleep(start - at);
    }
  };
}

export const helperFunctions = [
  installHelpers,
  createHelpers,
  readMs,
  readCount,
  assertFunction,
  timeoutError,
  createWaitFor,
  createRetry,
  createRunWithTimeout,
  createParallel,
  createRateLimiter,
];
