import type { JsonObject, JsonValue, ToolRegistry } from "@codemode/core";
import { CodemodeError, createFunctionAdapter, createToolRegistry } from "@codemode/core";

import { isObject } from "../host-arguments.ts";

/** Answers by tool, in the order they are given out. `{ "$error": "text" }` fails the call. */
export type RecordedTools = Readonly<Record<string, readonly JsonValue[]>>;

/** A catalog of tools that answer what was recorded, and reach nobody. */
export async function recordedRegistry(recorded: RecordedTools): Promise<ToolRegistry> {
  const servers = new Map<string, Record<string, RecordedTool>>();
  for (const [name, answers] of Object.entries(recorded)) {
    const [server = "", ...rest] = name.split(".");
    if (server === "" || rest.length === 0) throw wrongName(name);
    const tools = servers.get(server) ?? {};
    servers.set(server, tools);
    tools[rest.join(".")] = recordedTool(name, answers);
  }
  const registry = createToolRegistry();
  for (const [name, tools] of servers) registry.addAdapter(createFunctionAdapter({ name, tools }));
  await registry.discoverAll();
  return registry;
}

interface RecordedTool {
  readonly description: string;
  run(args: JsonObject): JsonValue;
}

function recordedTool(name: string, answers: readonly JsonValue[]): RecordedTool {
  let next = 0;
  return {
    description: "Answers what was recorded.",
    run(args) {
      const answer = answers[next];
      next += 1;
      if (answer === undefined) {
        const given = JSON.stringify(args).slice(0, 200);
        throw new Error(
          `"${name}" has ${answers.length} recorded answers, and was called once more with ${given}.`,
        );
      }
      const error = isObject(answer) ? answer["$error"] : undefined;
      if (error !== undefined)
        throw new Error(typeof error === "string" ? error : JSON.stringify(error));
      return answer;
    },
  };
}

function wrongName(name: string): CodemodeError {
  const message = `Recorded answers are by "server.tool", not ${JSON.stringify(name)}.`;
  return new CodemodeError("SKILL_INVALID", message);
}
