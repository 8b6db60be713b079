import { CodemodeError } from "../errors.ts";
import type { SchemaObject } from "../function-schema.ts";
import { isSchemaObject } from "../function-schema.ts";
import type { JsonObject, JsonSchema } from "../json.ts";

/** How tools of a framework are taken over. */
export interface ForeignToolOptions {
  /**
   * Asked before a call that its tool wants a person to approve; `true` lets it through. Default: such
   * a call is refused, for nobody is there to ask.
   */
  readonly approve?: (call: {
    readonly tool: string;
    readonly args: JsonObject;
  }) => boolean | PromiseLike<boolean>;
}

/** Rejects a call that needs approval and does not have it. */
export async function requireApproval(
  { approve }: ForeignToolOptions,
  call: { readonly tool: string; readonly args: JsonObject },
): Promise<void> {
  if (approve && (await approve(call))) return;
  const reason = approve
    ? "was not approved"
    : 'needs approval, and nobody is asked here. Give "approve" where the tool is taken over';
  throw new CodemodeError("TOOL_FAILED", `The call of "${call.tool}" ${reason}.`);
}

/** A schema object as it is, a plain JSON Schema as it is, and nothing for all else. */
export function toSchema(schema: unknown): SchemaObject | JsonSchema | undefined {
  if (isSchemaObject(schema)) return schema;
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(schema);
  const isPlain = prototype === Object.prototype || prototype === null;
  return isPlain ? { ...schema } : undefined;
}
