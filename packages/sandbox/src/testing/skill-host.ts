import type { JsonObject, JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import { prepareModule } from "../prepare-program.ts";
import type { ExecuteRequest, GuestCall } from "../sandbox.ts";
import { CATALOG, callTool } from "./requests.ts";

/** A skill as the tests write it: one module, and how it is called. */
export interface TestSkill extends JsonObject {
  readonly source: string;
}

/** A host with skills, and what was asked of it. */
export interface SkillHost {
  readonly options: Partial<ExecuteRequest>;
  /** References, in the order they were fetched. */
  readonly fetched: string[];
  readonly calls: GuestCall[];
}

/** Hands out modules by reference: `name`, or `name/path` for another module of a skill. */
export function createSkillHost(skills: Record<string, TestSkill>): SkillHost {
  const fetched: string[] = [];
  const calls: GuestCall[] = [];
  const sources = new Map<string, string>();
  const load = async (reference: string): Promise<JsonObject> => {
    const path = reference.replace("/run:", "/");
    const found = skills[path] ?? skills[path.replace(/\.ts$/, "")];
    if (!found) throw new CodemodeError("SKILL_NOT_FOUND", `There is no skill "${path}".`);
    const { source, ...rest } = found;
    const [skill = ""] = path.split("/");
    const url = `skills/${path}@${Buffer.from(source).toString("hex").slice(0, 400)}`;
    sources.set(url, source);
    const prepared = await prepareModule(source);
    if (!prepared.ok) throw new CodemodeError("SKILL_INVALID", prepared.failure.message);
    const { script } = prepared.program;
    return { id: `${skill}@1`, skill, specifier: `skills/${path}`, url, path, script, ...rest };
  };
  const hostFunctions: ExecuteRequest["hostFunctions"] = {
    "skills.load": async (args) => {
      const [reference] = Array.isArray(args) ? args : [];
      fetched.push(String(reference));
      return load(String(reference));
    },
    "skills.list": async (args) => args,
    "skills.search": async (args) => args,
    "skills.get": async (args) => args,
    "skills.delete": async (args) => args,
    "skills.create": async (args) => {
      const [name, source]: readonly JsonValue[] = Array.isArray(args) ? args : [];
      if (typeof name !== "string" || typeof source !== "string") return null;
      skills[name] = { source, exportName: "run" };
      return { name, identifier: name };
    },
    "skills.tools.list": async (args) => args,
    "skills.traceback": async () => "traceback",
  };
  return {
    fetched,
    calls,
    options: {
      catalog: { ...CATALOG, revision: "with skills", features: ["skills"] },
      hostFunctions,
      skillModules: {
        async exports(reference) {
          await load(reference);
          const prepared = await prepareModule(skills[reference]?.source ?? "");
          return prepared.ok ? prepared.program.exports : undefined;
        },
        source: (url) => sources.get(url),
      },
      callTool: async (call, options) => {
        calls.push(call);
        if (call.skills?.includes("careful@") && call.tool.endsWith("read-all"))
          throw new CodemodeError("TOOL_DENIED", "Skill careful may not.", { tool: call.tool });
        return callTool(call, options);
      },
    },
  };
}
