import type { StoredEntry } from "../storage.ts";
import { artifactKeys } from "./artifact-head.ts";
import type { ArtifactParts } from "./save-artifact.ts";

/** A save that has been on its way for longer is not coming any more. */
const ABANDONED_MS = 60 * 60_000;

/** Deletes bytes that no record names and that nobody can still be about to name. */
export async function sweepArtifacts({ store, heads, quota }: ArtifactParts): Promise<number> {
  let swept = 0;
  let after: string | undefined;
  let known = { name: "", ids: new Set<string>() };
  const isNamed = async (name: string, id: string): Promise<boolean> => {
    if (known.name !== name) {
      const current = await heads.read(name);
      const versions = current?.head.versions ?? [];
      known = { name, ids: new Set(versions.map((version) => version.id)) };
    }
    return known.ids.has(id);
  };
  const sweep = async ({ key, size, updatedAt }: StoredEntry): Promise<void> => {
    if (Date.now() - Date.parse(updatedAt) < ABANDONED_MS) return;
    const { name, id } = artifactKeys.ofBody(key);
    if ((await isNamed(name, id)) || !(await store.delete(key))) return;
    quota.free(size);
    swept += 1;
  };
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await store.list({
      prefix: artifactKeys.bodies,
      ...(after === undefined ? {} : { after }),
    });
    // oxlint-disable-next-line no-await-in-loop -- in order: bytes of one name are beside each other
    for (const entry of page.entries) await sweep(entry);
    after = page.next;
  } while (after !== undefined);
  return swept;
}
