import type { EventKit, Platform } from "./guest-platform.ts";

declare function finishClass<Type extends { readonly prototype: object }>(
  type: Type,
  name: string,
): Type;
declare function toText(value: unknown): string;

interface Listener {
  readonly type: string;
  readonly callback: unknown;
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  removed: boolean;
}

/** The inner side of an event, which its target sees. */
interface Dispatch {
  target: object | null;
  current: object | null;
  stopped: boolean;
  prevented: boolean;
  passive: boolean;
}

/** `Event`, `CustomEvent` and `EventTarget` (DOM, section 2), without a tree: nothing bubbles. */
function createEventKit(platform: Platform): EventKit {
  const dispatches = new WeakMap<object, Dispatch>();
  const dispatchOf = (event: object): Dispatch => {
    const dispatch = dispatches.get(event);
    if (!dispatch) throw new TypeError("An Event is needed.");
    return dispatch;
  };
  const type = createEventClass(platform, dispatches, dispatchOf);
  class CustomEvent extends type {
    readonly #detail: unknown;
    constructor(name: string, init?: { readonly detail?: unknown }) {
      super(name, init);
      this.#detail = init?.detail ?? null;
    }
    get detail(): unknown {
      return this.#detail;
    }
  }
  return {
    Event: type,
    CustomEvent: finishClass(CustomEvent, "CustomEvent"),
    EventTarget: createEventTarget(dispatchOf) as EventKit["EventTarget"],
  };
}

function createEventClass(
  { realm }: Platform,
  dispatches: WeakMap<object, Dispatch>,
  dispatchOf: (event: object) => Dispatch,
): new (type: string, init?: object) => Event {
  const start = realm.now();
  class Event {
    readonly #type: string;
    readonly #init: Readonly<Record<"bubbles" | "cancelable" | "composed", boolean>>;
    readonly #time = realm.now() - start;
    constructor(
      type: unknown,
      init: { bubbles?: unknown; cancelable?: unknown; composed?: unknown } = {},
    ) {
      if (arguments.length === 0) throw new TypeError("new Event() needs a type as text.");
      this.#type = toText(type);
      const { bubbles = false, cancelable = false, composed = false } = init ?? {};
      this.#init = {
        bubbles: Boolean(bubbles),
        cancelable: Boolean(cancelable),
        composed: Boolean(composed),
      };
      dispatches.set(this, {
        target: null,
        current: null,
        stopped: false,
        prevented: false,
        passive: false,
      });
    }
    get type(): string {
      return this.#type;
    }
    get bubbles(): boolean {
      return this.#init.bubbles;
    }
    get cancelable(): boolean {
      return this.#init.cancelable;
    }
    get composed(): boolean {
      return this.#init.composed;
    }
    get timeStamp(): number {
      return this.#time;
    }
  }
  defineEventState(Event, dispatchOf);
  return finishClass(Event, "Event") as never;
}

/** The members that depend on where an event is. */
function defineEventState(
  type: { readonly prototype: object },
  dispatchOf: (event: object) => Dispatch,
): void {
  const readers: Record<string, (dispatch: Dispatch) => unknown> = {
    target: ({ target }) => target,
    srcElement: ({ target }) => target,
    currentTarget: ({ current }) => current,
    eventPhase: ({ current }) => (current ? 2 : 0),
    defaultPrevented: ({ prevented }) => prevented,
    returnValue: ({ prevented }) => !prevented,
    isTrusted: () => false,
  };
  for (const name of Object.keys(readers))
    Object.defineProperty(type.prototype, name, {
      get(this: object) {
        return readers[name]?.(dispatchOf(this));
      },
      configurable: true,
    });
  const methods: Record<string, (this: Event) => unknown> = {
    preventDefault() {
      const dispatch = dispatchOf(this);
      if (this.cancelable && !dispatch.passive) dispatch.prevented = true;
    },
    stopPropagation() {
      dispatchOf(this);
    },
    stopImmediatePropagation() {
      dispatchOf(this).stopped = true;
    },
    composedPath() {
      const { current } = dispatchOf(this);
      return current ? [current] : [];
    },
  };
  for (const name of Object.keys(methods))
    Object.defineProperty(type.prototype, name, {
      value: methods[name],
      writable: true,
      configurable: true,
    });
}

function readListenerOptions(options: unknown): Record<string, unknown> {
  if (typeof options === "object" && options !== null) return { ...options };
  return { capture: Boolean(options) };
}

/** Calls a listener. What it throws is a rejection nobody handled, and stops no other listener. */
async function callListener(callback: unknown, event: Event): Promise<void> {
  const target = event.currentTarget;
  if (typeof callback === "function") Reflect.apply(callback, target, [event]);
  else (callback as { handleEvent(event: Event): void }).handleEvent(event);
}

function createEventTarget(dispatchOf: (event: object) => Dispatch): unknown {
  class EventTarget {
    #listeners: readonly Listener[] = [];
    addEventListener(type: string, callback: unknown, options?: unknown): void {
      const isCallable = typeof callback === "function" || typeof callback === "object";
      if (!isCallable) throw new TypeError("A listener is a function or has handleEvent.");
      const { capture, once, passive, signal } = readListenerOptions(options);
      const isGone = (signal as AbortSignal | undefined)?.aborted === true;
      if (callback === null || isGone || this.#find(type, callback, capture)) return;
      const listener = {
        type: toText(type),
        callback,
        capture: Boolean(capture),
        once: Boolean(once),
        passive: Boolean(passive),
        removed: false,
      };
      this.#listeners = [...this.#listeners, listener];
      (signal as AbortSignal | undefined)?.addEventListener("abort", () => this.#drop(listener));
    }
    removeEventListener(type: string, callback: unknown, options?: unknown): void {
      const { capture } = readListenerOptions(options);
      const listener = this.#find(type, callback, capture);
      if (listener) this.#drop(listener);
    }
    dispatchEvent(event: Event): boolean {
      const dispatch = dispatchOf(event);
      if (dispatch.current) throw new TypeError("The event is being dispatched already.");
      dispatch.target = this;
      dispatch.current = this;
      dispatch.stopped = false;
      for (const listener of this.#listeners) {
        if (dispatch.stopped || listener.removed || listener.type !== event.type) continue;
        if (listener.once) this.#drop(listener);
        dispatch.passive = listener.passive;
        callListener(listener.callback, event);
        dispatch.passive = false;
      }
      dispatch.current = null;
      return !dispatch.prevented;
    }
    #find(type: string, callback: unknown, capture: unknown): Listener | undefined {
      return this.#listeners.find(
        (one) =>
          one.type === toText(type) &&
          one.callback === callback &&
          one.capture === Boolean(capture),
      );
    }
    #drop(listener: Listener): void {
      listener.removed = true;
      this.#listeners = this.#listeners.filter((one) => one !== listener);
    }
  }
  return finishClass(EventTarget, "EventTarget");
}

export const eventFunctions = [
  createEventKit,
  createEventClass,
  defineEventState,
  readListenerOptions,
  callListener,
  createEventTarget,
];
