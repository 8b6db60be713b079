import type { ArtifactEntry } from "@codemode/storage";

import { openArtifacts } from "../open-artifacts.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson } from "../output.ts";

/** Lists artifacts, all of them. */
export async function run([prefix]: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openArtifacts(options);
  const entries: ArtifactEntry[] = [];
  let after: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await opened.artifacts.list({
      limit: 1_000,
      ...(typeof prefix === "string" ? { prefix } : {}),
      ...(after === undefined ? {} : { after }),
    });
    entries.push(...page.artifacts);
    after = page.next;
  } while (after !== undefined);
  if (options.json) printJson({ artifacts: entries });
  else if (entries.length === 0) print("No artifacts.");
  else for (const entry of entries) print(line(entry));
  return EXIT.ok;
}

function line(entry: ArtifactEntry): string {
  const { name, version, size, contentType, updatedAt, expiresAt, description } = entry;
  const until = expiresAt === undefined ? "" : `  until ${expiresAt}`;
  const about = description === "" ? "" : `  ${description}`;
  return `${name}  v${version}  ${size} bytes  ${contentType}  ${updatedAt}${until}${about}`;
}
