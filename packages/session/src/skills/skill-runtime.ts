import type { JsonValue } from "@codemode/core";
import type { HostFunction, SkillModules } from "@codemode/sandbox";
import { moduleTraceback } from "@codemode/sandbox";
import type { SkillStore } from "@codemode/skills";

import { positional } from "../host-arguments.ts";
import type { LoadedModule } from "./load-module.ts";
import { loadModule } from "./load-module.ts";
import { createSkillFunctions } from "./skill-functions.ts";
import type { SkillRules } from "./skill-rules.ts";
import { createSkillRules } from "./skill-rules.ts";

/** What programs of one session have of its skills. */
export interface SkillRuntime {
  readonly hostFunctions: { readonly [name: string]: HostFunction };
  readonly modules: SkillModules;
  readonly rules: Pick<SkillRules, "check">;
}

// Sources are kept for the places that errors name.
const MAX_SOURCES = 500;

/** Hands out skills to guests, and remembers what each may call. Nothing is read before it is asked for. */
export function createSkillRuntime(store: SkillStore): SkillRuntime {
  const rules = createSkillRules();
  const sources = new Map<string, string>();
  const handOut = ({ id, url, source, skill }: LoadedModule): void => {
    rules.add(id, skill);
    sources.delete(url);
    sources.set(url, source);
    const [oldest] = sources.keys();
    if (sources.size > MAX_SOURCES && oldest !== undefined) sources.delete(oldest);
  };
  const source = (url: string): string | undefined => sources.get(url);
  return {
    rules,
    modules: {
      async exports(reference) {
        const { program } = await loadModule(store, reference);
        return program.exports;
      },
      source,
    },
    hostFunctions: {
      ...createSkillFunctions(store),
      "skills.load": async (args) => {
        const loaded = await loadModule(store, firstText(args));
        handOut(loaded);
        return loaded.answer;
      },
      "skills.traceback": async (args) => moduleTraceback(firstText(args).slice(0, 20_000), source),
    },
  };
}

/** The guest sends texts; what is none finds nothing. */
function firstText(args: JsonValue): string {
  const [first] = positional(args);
  return typeof first === "string" ? first : "";
}
