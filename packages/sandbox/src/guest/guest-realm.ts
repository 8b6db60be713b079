// What the guest's parts share. Types only: at run time each part is a function shipped as text.
import type { CatalogFrame, ExecuteFrame } from "../protocol.ts";

/** A tool call or host function that awaits its answer. */
export interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly promise: Promise<unknown>;
  /** Of the call as it is sent. */
  length: number;
}

/** The execution that is running. */
interface GuestExecution {
  readonly id: string;
  readonly startedAt: number;
  readonly maxValueLength: number;
  readonly maxLogLength: number;
}

/** How a value is turned into JSON. */
export interface EncodeOptions {
  /** Refuse whatever JSON would change. */
  readonly strict: boolean;
  /** What the value is called in messages. */
  readonly root: string;
  readonly maxLength: number;
}

/** Imports a module outside the guest. `asked`: the names that a static import wants, or `import()`'s options. */
export type ImportModule = (specifier: string, asked: unknown) => Promise<unknown>;

/**
 * Asks the runner for what a program waits for on the spot; `undefined` is no. A question is `?` and
 * a letter: `?R16` for 16 random bytes; `?HSHA-256`, then `?B` with bytes, then `?E` for a digest;
 * `?U["url","base"]` or `?U["url","","part","value"]` for the parts of a URL, as JSON. Bytes are
 * characters up to U+00FF.
 */
export type AskRunner = (question: string) => string | undefined;

/**
 * The guest runtime's state, and the built-ins it uses, taken before any program ran: a program
 * that overwrites `JSON.stringify` or `Promise` breaks itself only.
 */
export interface GuestRealm {
  readonly global: Record<string, unknown>;
  /** Hands one frame to the host. */
  readonly write: (frame: string) => void;
  /** How the runner imports what is in no catalog; absent where there is nothing else. */
  readonly importModule: ImportModule | undefined;
  /** Absent where the realm has everything itself. */
  readonly ask: AskRunner | undefined;
  readonly evaluate: (source: string) => unknown;
  readonly parse: (json: string) => unknown;
  readonly quote: (text: string) => string;
  readonly now: () => number;
  readonly slice: (text: string, start: number, end?: number) => string;
  readonly keysOf: (value: object) => string[];
  readonly freeze: <Value>(value: Value) => Value;
  /** Gives an object a hidden member, whatever prototypes say. */
  readonly define: (target: object, key: PropertyKey, value: unknown) => void;
  execution: GuestExecution | undefined;
  /** What the latest static import failed with that found no module. */
  missingImport: unknown;

  // calls.ts
  readonly pending: Record<number, PendingCall>;
  /** Calls that the running program has made. */
  callCount: number;
  /** Calls that were made while none ran. */
  lateCount: number;
  call(kind: "t" | "r" | "h", name: string, args: unknown): Promise<unknown>;
  /** Makes a `call` whose calls are marked with the skills that make them. */
  caller(scope: string | undefined): GuestRealm["call"];
  flush(): void;
  /** Makes room for calls that wait to be sent. */
  answered(call: PendingCall): void;
  rejectPending(makeError: () => Error): void;
  /** Whoever waits waits for ever. */
  dropPending(): void;
  toolError(fields: ToolErrorFields): Error;
  toolErrorFields(error: unknown): ToolErrorFields | undefined;

  // encode-value.ts
  encode(value: unknown, options: EncodeOptions): string;
  /** By number from 0: an array's elements could be caught by a setter on a prototype. */
  readonly warnings: Record<number, string>;
  warningCount: number;

  // guest-console.ts
  log(level: string, text: string): void;
  flushLogs(): void;
  takeLogTail(): { readonly tail: string; readonly dropped: number };
  resetLogs(): void;

  // guest-timers.ts
  /** The host wakes the guest; `wake` is what it was asked with. */
  fireTimers(wake: number): void;
  hasTimers(): boolean;
  clearTimers(): void;

  // guest-stacks.ts
  /** Learns the places of a program that reads stacks. */
  usePlaces(frame: Pick<ExecuteFrame, "number" | "places">): void;

  // guest-helpers.ts
  /** The exports of `codemode/helpers`. */
  helpers(): object;

  // skill-spaces.ts
  /** `skills` as the program itself has it. */
  skills(): object;
  useSkills(catalog: CatalogFrame): void;
  /** What an import of a skill gives; `undefined` of what is no skill. */
  loadSkill(specifier: string): Promise<unknown> | object | undefined;

  // guest-catalog.ts
  useCatalog(catalog: CatalogFrame): void;
  load(specifier: string, chain: readonly string[], asked?: unknown): Promise<unknown>;
}

/** What a `ToolError` carries. */
export interface ToolErrorFields {
  readonly tool?: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
  readonly retryable?: boolean | undefined;
}
