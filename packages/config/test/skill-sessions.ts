import type { JsonObject, ToolRegistry } from "@codemode/core";
import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import { createLocalEvalSandbox } from "@codemode/sandbox-local-eval";
import type { Session, SessionOptions } from "@codemode/session";
import { createSession } from "@codemode/session";
import type { SkillStore } from "@codemode/skills";
import { createSkillStore } from "@codemode/skills";
import { createMemoryStorage } from "@codemode/storage";
import { afterAll, beforeAll, describe } from "vitest";

/** What tests of skills run in: one sandbox, and tools that give back their arguments. */
export interface SkillPlace {
  readonly sandbox: Sandbox;
  /** `fs.read`, `fs.write`, `fs.slow`, that never answers, `web.read` and `web.write`. */
  readonly registry: ToolRegistry;
  readonly open: (skills: SkillStore, more?: Partial<SessionOptions>) => Session;
}

/** A store with nothing in it. */
export const newStore = (): SkillStore => createSkillStore({ storage: createMemoryStorage() });

/** Registers the tests once for each sandbox, whose name stands for `%s` in the title. */
export function describeInSandboxes(title: string, tests: (place: SkillPlace) => void): void {
  const sandboxes = {
    "isolated-vm": createIsolatedVmSandbox,
    "local-eval": createLocalEvalSandbox,
  };
  describe.each(Object.entries(sandboxes))(title, (_, create) => {
    const sandbox: Sandbox = create();
    const registry = createRegistry();
    beforeAll(() => registry.discoverAll());
    afterAll(async () => {
      await sandbox[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    });
    tests({
      sandbox,
      registry,
      open: (skills, more = {}) => createSession({ registry, sandbox, skills, ...more }),
    });
  });
}

function createRegistry(): ToolRegistry {
  const echo = {
    description: "Echoes.",
    run: async (args: JsonObject): Promise<JsonObject> => args,
  };
  const slow = { description: "Never answers.", run: () => new Promise<never>(() => undefined) };
  const registry = createToolRegistry();
  const tools = { read: echo, write: echo };
  registry.addAdapter(createFunctionAdapter({ name: "fs", tools: { ...tools, slow } }));
  registry.addAdapter(createFunctionAdapter({ name: "web", tools }));
  return registry;
}
