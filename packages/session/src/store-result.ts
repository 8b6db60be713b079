import type { JsonValue } from "@codemode/core";
import { isCodemodeError } from "@codemode/core";
import type { ExecuteResult, ExecutionSuccess } from "@codemode/sandbox";
import type { ArtifactEntry, ArtifactStore } from "@codemode/storage";

/** Where values too large to hand out go, and for how long. */
export interface LargeResults {
  readonly artifacts: ArtifactStore;
  readonly ttlSeconds: number;
  readonly maxBytes: number;
}

/** A value whole in a frame: as UTF-8 it may be three times as long, and a runner's line is 16 MiB at most. */
export const MAX_LARGE_VALUE = 5 * 1024 * 1024;
/** A day. */
export const LARGE_VALUE_TTL_SECONDS = 86_400;

const PREVIEW_CHARACTERS = 2_000;

/** Keeps a value that is too large as an artifact, and shows its beginning instead. */
export async function storeLargeValue(
  result: ExecutionSuccess,
  { artifacts, ttlSeconds }: LargeResults,
): Promise<ExecuteResult> {
  const { value = null, valueLength, executionId, session, ...rest } = result;
  try {
    const entry = await artifacts.save(`results/${executionId}`, value, {
      description: "The value of a program, too large to hand out.",
      metadata: { session },
      ttlSeconds,
    });
    const { name: artifact, size, contentType, expiresAt } = entry;
    return {
      ...rest,
      executionId,
      session,
      value: preview(value, entry),
      stored: { artifact, size, contentType, ...(expiresAt === undefined ? {} : { expiresAt }) },
    };
  } catch (error) {
    const reason = isCodemodeError(error) ? error.message : "the store failed.";
    const message = `The value is ${valueLength ?? 0} characters of JSON, too large to hand out, and could not be stored: ${reason} Return a part or a summary: the whole is still in your variables.`;
    const { ok: _, ...outcome } = rest;
    return {
      ...outcome,
      executionId,
      session,
      ok: false,
      error: { phase: "limit", code: "RESULT_TOO_LARGE", name: "TypeError", message, hints: [] },
    };
  }
}

/** The beginning of the value, and how to get at the rest. */
function preview(value: JsonValue, { name, size }: ArtifactEntry): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const start = text.slice(0, PREVIEW_CHARACTERS).replace(/[\ud800-\udbff]$/, "");
  const handle = JSON.stringify(name);
  return `${start}... [cut: ${shapeOf(value)}, ${size} bytes. The whole is stored: in a program, await artifacts.load(${handle}) gives it back.]`;
}

function shapeOf(value: JsonValue): string {
  if (typeof value === "string") return `a text of ${value.length} characters`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return `an object with ${Object.keys(Object(value)).length} members`;
}
