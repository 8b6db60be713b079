import type { Platform, SignalKit } from "./guest-platform.ts";

declare function finishClass<Type extends { readonly prototype: object }>(
  type: Type,
  name: string,
): Type;

/** Aborts a signal and those that follow it. */
type Abort = (signal: AbortSignal, reason: unknown) => void;

/** The class, and the ways into it that programs do not have. */
interface SignalClass {
  readonly type: new (key: object) => AbortSignal;
  /** Gives a signal its reason, and those that follow it; all of them, to be told. */
  readonly settle: (signal: AbortSignal, reason: unknown) => readonly AbortSignal[];
  readonly follow: (signal: AbortSignal, source: AbortSignal) => void;
}

/** `AbortController` and `AbortSignal` (DOM, section 3). */
function createSignalKit(platform: Platform): SignalKit {
  const key = {};
  const exception = platform.exception();
  const setTimer = platform.realm.global["setTimeout"] as typeof setTimeout;
  const { type, settle, follow } = createSignalClass(platform, key);
  const { Event } = platform.events();
  const abort: Abort = (signal, reason) => {
    for (const one of settle(signal, reason)) one.dispatchEvent(new Event("abort"));
  };
  const create = (): AbortSignal => new type(key);
  const statics = {
    abort(...[reason]: readonly unknown[]): AbortSignal {
      const signal = create();
      abort(signal, reason === undefined ? wasAborted(exception) : reason);
      return signal;
    },
    timeout(delay: unknown): AbortSignal {
      const ms = Number(delay);
      if (!(ms >= 0 && ms <= Number.MAX_SAFE_INTEGER))
        throw new RangeError("AbortSignal.timeout needs a number of milliseconds, from 0 on.");
      const signal = create();
      setTimer(
        () => {
          abort(signal, new exception("The operation was aborted due to timeout", "TimeoutError"));
          // Timers know no longer time, and no program lives that long.
        },
        Math.min(ms, 2 ** 31 - 1),
      );
      return signal;
    },
    any(sources: Iterable<AbortSignal>): AbortSignal {
      const signal = create();
      const list = Array.from(sources);
      // A number has no members to go through, and is no list for all that.
      if (!(Symbol.iterator in Object(sources)))
        throw new TypeError("AbortSignal.any needs a list of signals.");
      for (const source of list) follow(signal, source);
      return signal;
    },
  };
  for (const name of ["abort", "timeout", "any"] as const)
    Object.defineProperty(type, name, {
      value: statics[name],
      writable: true,
      configurable: true,
      enumerable: true,
    });
  return { AbortController: createController(platform, create, abort), AbortSignal: type };
}

function wasAborted(exception: ReturnType<Platform["exception"]>): Error {
  return new exception("This operation was aborted", "AbortError");
}

function createController(platform: Platform, create: () => AbortSignal, abort: Abort): unknown {
  class AbortController {
    readonly #signal = create();
    get signal(): AbortSignal {
      return this.#signal;
    }
    abort(...[reason]: readonly unknown[]): void {
      const given = reason === undefined ? wasAborted(platform.exception()) : reason;
      abort(this.#signal, given);
    }
  }
  return finishClass(AbortController, "AbortController");
}

function createSignalClass(platform: Platform, key: object): SignalClass {
  const { EventTarget } = platform.events();
  let settle: (signal: AbortSignal, reason: unknown) => readonly AbortSignal[] = () => [];
  let follow: (signal: AbortSignal, source: AbortSignal) => void = () => {};
  class AbortSignal extends EventTarget {
    #aborted = false;
    #reason: unknown;
    #followers: readonly AbortSignal[] = [];
    #onabort: unknown = null;
    static {
      // All have their reason before the first listener is called.
      settle = (signal, reason) => {
        if (signal.#aborted) return [];
        signal.#aborted = true;
        signal.#reason = reason;
        const followers = signal.#followers.flatMap((one) => settle(one, reason));
        signal.#followers = [];
        return [signal, ...followers];
      };
      follow = (signal, source) => {
        if (source.#aborted) settle(signal, source.#reason);
        else source.#followers = [...source.#followers, signal];
      };
    }
    constructor(given?: object) {
      super();
      if (given !== key)
        throw new TypeError("Illegal constructor: use new AbortController().signal.");
    }
    get aborted(): boolean {
      return this.#aborted;
    }
    get reason(): unknown {
      return this.#reason;
    }
    throwIfAborted(): void {
      if (this.#aborted) throw this.#reason;
    }
    get onabort(): unknown {
      return this.#onabort;
    }
    set onabort(handler: unknown) {
      this.removeEventListener("abort", this.#onabort as () => void);
      this.#onabort = typeof handler === "function" ? handler : null;
      this.addEventListener("abort", this.#onabort as () => void);
    }
  }
  return { type: finishClass(AbortSignal, "AbortSignal"), settle, follow } as never;
}

export const abortFunctions = [createSignalKit, wasAborted, createController, createSignalClass];
