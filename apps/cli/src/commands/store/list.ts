import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson } from "../../output.ts";
import { openStore } from "../../store/open-store.ts";

/** Lists what the store has. */
export async function run(_args: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openStore(undefined, options);
  const lists = await Promise.all(
    opened.collections.map(async (collection) =>
      Array.from(await collection.stored(), ([name, digest]) => ({
        type: collection.type,
        name,
        digest,
      })),
    ),
  );
  const entries = lists.flat();
  if (options.json) printJson({ ok: true, entries });
  else for (const { type, name } of entries) print(`${type}/${name}`);
  if (!options.json && entries.length === 0) print("The store is empty.");
  return EXIT.ok;
}
