import { sweepUnnamed } from "../unnamed-values.ts";
import { artifactKeys } from "./artifact-head.ts";
import type { ArtifactParts } from "./save-artifact.ts";

/** Deletes bytes that no record names and that nobody can still be about to name. */
export async function sweepArtifacts({ store, heads, quota }: ArtifactParts): Promise<number> {
  const swept = await sweepUnnamed(store, {
    prefix: artifactKeys.bodies,
    async isNamed(key) {
      const { name, id } = artifactKeys.ofBody(key);
      const current = await heads.read(name);
      return current?.head.versions.some((version) => version.id === id) ?? false;
    },
  });
  for (const { size } of swept) quota.free(size);
  return swept.length;
}
