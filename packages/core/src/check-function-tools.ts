import { CodemodeError } from "./errors.ts";
import { isSchemaObject } from "./function-schema.ts";
import { isRecord } from "./is-record.ts";

// What the same thing is called where tools come from.
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ["execute", "run"],
  ["handler", "run"],
  ["call", "run"],
  ["func", "run"],
  ["parameters", "input"],
  ["inputSchema", "input"],
  ["schema", "input"],
  ["outputSchema", "output"],
]);

/**
 * Refuses what the compiler lets pass, or never saw. A bare shape of zod's is also a JSON Schema that says
 * nothing, and would let all arguments through.
 */
export function checkFunctionTools(options: unknown): void {
  if (!isRecord(options)) throw invalid("it takes { name, tools }");
  const { name, tools } = options;
  if (typeof name !== "string" || name === "") throw invalid('"name" has to be a text');
  if (!isRecord(tools)) throw invalid('"tools" has to be an object of tools by name', name);
  for (const [key, tool] of Object.entries(tools)) {
    const problem = toolProblem(tool);
    if (problem !== undefined) throw invalid(`tool ${JSON.stringify(key)}: ${problem}`, name);
  }
}

function toolProblem(tool: unknown): string | undefined {
  if (!isRecord(tool)) return "it has to be an object { description, run }";
  const strange = Object.keys(tool).find((key) => ELSEWHERE.has(key));
  if (strange !== undefined && tool[ELSEWHERE.get(strange) ?? ""] === undefined)
    return `${JSON.stringify(strange)} is called "${ELSEWHERE.get(strange) ?? ""}" here`;
  if (typeof tool["run"] !== "function") return 'it needs "run", a function of its arguments';
  return schemaProblem("input", tool["input"]) ?? schemaProblem("output", tool["output"]);
}

function schemaProblem(side: string, schema: unknown): string | undefined {
  if (schema === undefined || isSchemaObject(schema)) return undefined;
  if (!isRecord(schema)) {
    return typeof schema === "boolean"
      ? undefined
      : `"${side}" has to be a schema object, or a JSON Schema`;
  }
  const field = Object.keys(schema).find((key) => isSchemaObject(schema[key]));
  if (field === undefined) return undefined;
  return `"${side}" is a shape with the schema of ${JSON.stringify(field)} in it, no schema itself. Wrap it: z.object({ ... })`;
}

function invalid(problem: string, server?: string): CodemodeError {
  const who = server === undefined ? "" : ` ${JSON.stringify(server)}`;
  return new CodemodeError("CONFIG_INVALID", `createFunctionAdapter${who}: ${problem}.`);
}
