import type { SessionOptions } from "@codemode/session";
import type { ArtifactStore, Storage } from "@codemode/storage";
import { createArtifactStore } from "@codemode/storage";

import type { Config } from "./config-schema.ts";

/** The artifacts that a config describes, in its storage. */
export function createArtifactsFromConfig(
  { artifacts }: Pick<Config, "artifacts">,
  storage: Storage,
): ArtifactStore {
  const { quota_bytes: quotaBytes, max_versions: maxVersions } = artifacts;
  return createArtifactStore({ storage, quotaBytes, maxVersions });
}

/** What of a session's options is about artifacts. */
export function artifactOptions(
  config: Pick<Config, "artifacts">,
  storage: Storage,
): Pick<SessionOptions, "artifacts" | "largeResultTtlSeconds"> {
  const { enabled, large_result_ttl: largeResultTtlSeconds } = config.artifacts;
  if (!enabled) return {};
  return { artifacts: createArtifactsFromConfig(config, storage), largeResultTtlSeconds };
}
