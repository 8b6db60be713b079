import { createHash } from "node:crypto";

import type { Diagnostic } from "./diagnostic.ts";
import { CodemodeError } from "./errors.ts";
import type { ToolDefinition } from "./tool.ts";

/**
 * What becomes of calls to a tool whose description or schemas are no longer those of its first use:
 * nothing, a warning with each use, or `TOOL_CHANGED`.
 */
export type OnToolChange = "allow" | "warn" | "block";

/** What tools were when they were first used. */
export interface ToolPins {
  /** Notes a first use. Throws `TOOL_CHANGED` where that is asked for. */
  use(tool: ToolDefinition): void;
  /** How a tool differs from what it was. */
  changeOf(tool: ToolDefinition): Diagnostic | undefined;
}

/** Digests of the parts of a definition that a model reads and a call is checked by. */
interface Pin {
  readonly description: string;
  readonly input: string;
  readonly output: string;
}

/** No tool has been used yet. */
export function createToolPins(onChange: OnToolChange): ToolPins {
  const pins = new Map<string, Pin>();
  const digests = new WeakMap<ToolDefinition, Pin>();
  const pinOf = (tool: ToolDefinition): Pin => {
    const known = digests.get(tool) ?? makePin(tool);
    digests.set(tool, known);
    return known;
  };
  const changeOf = (tool: ToolDefinition): Diagnostic | undefined => {
    const before = pins.get(tool.canonicalName);
    const parts = before === undefined ? [] : differences(before, pinOf(tool));
    return parts.length === 0 ? undefined : toDiagnostic(tool.canonicalName, parts);
  };
  return {
    changeOf: onChange === "allow" ? () => undefined : changeOf,
    use(tool) {
      if (onChange === "allow") return;
      const { canonicalName } = tool;
      if (!pins.has(canonicalName)) pins.set(canonicalName, pinOf(tool));
      const change = onChange === "block" ? changeOf(tool) : undefined;
      if (!change) return;
      const step =
        'Have a person compare it; start anew to take it as it is, or set "on_tool_change".';
      throw new CodemodeError("TOOL_CHANGED", `${change.message} ${step}`, { tool: canonicalName });
    },
  };
}

function makePin({ description, inputSchema, outputSchema }: ToolDefinition): Pin {
  return {
    description: digestOf(description),
    input: digestOf(inputSchema),
    output: digestOf(outputSchema ?? null),
  };
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("base64");
}

/** The same for the same schema, whatever the order of its keys. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function differences(before: Pin, now: Pin): readonly string[] {
  return [
    ...(before.description === now.description ? [] : ["description"]),
    ...(before.input === now.input ? [] : ["input schema"]),
    ...(before.output === now.output ? [] : ["output schema"]),
  ];
}

function toDiagnostic(tool: string, parts: readonly string[]): Diagnostic {
  const what = parts.join(" and ");
  const message = `Tool ${JSON.stringify(tool)} is not what it was when it was first used: its ${what} changed.`;
  return { code: "TOOL_CHANGED", message };
}
