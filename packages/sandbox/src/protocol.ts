import type { CodemodeErrorCode, JsonValue } from "@codemode/core";

import type { LogLine } from "./execute-result.ts";

// One line a frame: a letter, then JSON. The only file that writes what a guest reads; what a guest
// writes is read by `decode-frame.ts`.

/** `E`: run a program. */
export interface ExecuteFrame {
  readonly id: string;
  /** Counts the programs of a session; errors name their source by it. */
  readonly number: number;
  readonly script: string;
  readonly interfaces?: { readonly [tool: string]: string };
  /** For a program that reads stacks: where `script`'s places are in its source, four numbers each. */
  readonly places?: readonly number[];
  readonly maxValueLength: number;
  readonly maxLogLength: number;
}

/** `K`: what programs can call and import from now on. */
export interface CatalogFrame {
  readonly servers: readonly {
    readonly server: string;
    readonly identifier: string;
    readonly tools: readonly (readonly [identifier: string, tool: string, path?: string])[];
  }[];
  readonly modules: readonly { readonly specifier: string; readonly script: string }[];
  readonly features?: readonly string[];
}

/** `A`: end the program now; what it waits for is rejected. */
export interface AbortFrame {
  readonly id: string;
  readonly code: CodemodeErrorCode;
  readonly message: string;
}

/** What a failed call throws in the guest. */
export interface CallFailure {
  readonly tool?: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly details?: JsonValue | undefined;
  readonly retryable?: boolean;
}

/** `!`: for the runner itself: how long one entry may compute, and how long the program has in all. */
export function encodeBudget(computeMs: number, wallMs: number): string {
  return `!${Math.ceil(computeMs)},${Math.ceil(wallMs)}`;
}

export function encodeCatalog(frame: CatalogFrame): string {
  return `K${JSON.stringify(frame)}`;
}

export function encodeExecute(frame: ExecuteFrame): string {
  return `E${JSON.stringify(frame)}`;
}

export function encodeAbort(frame: AbortFrame): string {
  return `A${JSON.stringify(frame)}`;
}

/** `Q`: whether anything can still happen; a program that waits for nothing ends. */
export function encodeQuestion(id: string): string {
  return `Q${JSON.stringify(id)}`;
}

/** One of the wakes that a guest has asked for. */
export function encodeWake(wake: number): string {
  return `T${wake}`;
}

/** One answer, encoded when it is known; many make one frame. */
export function encodeAnswer(callId: number, valueJson: string): string {
  return `[${callId},1,${valueJson}]`;
}

export function encodeFailure(callId: number, failure: CallFailure): string {
  return `[${callId},0,${JSON.stringify(failure)}]`;
}

export function encodeAnswers(answers: readonly string[]): string {
  return `R[${answers.join(",")}]`;
}

/** One call as the guest asks for it. `t` a tool's value, `r` its whole result, `h` a host function. */
export interface CallFrameEntry {
  readonly callId: number;
  readonly kind: "t" | "r" | "h";
  readonly name: string;
  readonly args: JsonValue;
  /** The skills that made it, ids from the outermost with `>` between; absent of the program's own. */
  readonly scope: string | undefined;
}

/** Calls of one turn. */
export interface CallsFrame {
  readonly type: "calls";
  readonly id: string;
  readonly calls: readonly CallFrameEntry[];
  /** Of the frame: what the calls weigh while they wait. */
  readonly length: number;
}

/** Why the program ended, as the guest tells it. */
export interface GuestFailure {
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly tool: string | undefined;
  readonly details: JsonValue | undefined;
}

/** The program's end. */
export interface EndFrame {
  readonly type: "end";
  readonly id: string;
  readonly value: JsonValue | undefined;
  readonly error: GuestFailure | undefined;
  readonly warnings: readonly string[];
  readonly tail: readonly LogLine[];
  readonly dropped: number;
  /** Of the frame: no value in it is longer. */
  readonly length: number;
}

/** The guest has timers: it is to be woken. */
export interface WakeFrame {
  readonly type: "wake";
  readonly id: string;
  /** Comes back with each wake. */
  readonly wake: number;
  readonly ms: number;
  readonly times: number;
}

/** All that a runner can say. */
export type GuestFrame =
  | { readonly type: "idle" }
  | { readonly type: "timeout" }
  | { readonly type: "rejection"; readonly message: string }
  | { readonly type: "logs"; readonly id: string; readonly lines: readonly LogLine[] }
  | CallsFrame
  | WakeFrame
  | EndFrame;
