import { openSkills, printDiagnostics } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson, printNote } from "../../output.ts";

/** Lists skills. */
export async function run(_args: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openSkills(options);
  const { tag, status, limit } = options;
  const listing = await opened.skills.list({
    limit: limit ?? 10_000,
    ...(tag === undefined ? {} : { tags: tag }),
    ...(status === undefined ? {} : { status }),
  });
  if (options.json) {
    printJson(listing);
    return EXIT.ok;
  }
  for (const skill of listing.skills) {
    const origin = skill.origin === "store" ? `v${skill.version}` : skill.origin;
    const state = skill.status === "active" ? origin : `${origin}, ${skill.status}`;
    print(`${skill.name} (${state}): ${skill.description.split("\n")[0] ?? ""}`);
  }
  if (listing.total === 0) printNote("note: there are no skills");
  printDiagnostics(listing.diagnostics);
  return EXIT.ok;
}
