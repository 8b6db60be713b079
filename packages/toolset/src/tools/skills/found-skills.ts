import type { JsonValue } from "@codemode/core";
import type { SkillStore } from "@codemode/skills";

import { compact } from "../../toolset-tool.ts";

const MAX_SKILLS = 3;

/** Skills that fit what tools are searched for; nothing where they cannot be read now. */
export async function foundSkills(
  skills: SkillStore,
  query: string | readonly string[],
): Promise<JsonValue> {
  try {
    const { hits } = await skills.search([query].flat().join(" "), { limit: MAX_SKILLS });
    return hits.map(({ identifier, signature, description }) =>
      compact({
        call: `skills.${identifier}`,
        signature,
        summary: description.slice(0, 200),
      }),
    );
  } catch {
    // Tools are found without them; a tool for skills tells what is wrong.
    return [];
  }
}
