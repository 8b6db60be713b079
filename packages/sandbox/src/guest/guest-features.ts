import type { GuestRealm } from "./guest-realm.ts";

declare function createArtifacts(realm: GuestRealm): object;

/** What a session can have besides servers, by its name in programs. */
function createFeature(realm: GuestRealm, name: string): object | undefined {
  if (name === "artifacts") return createArtifacts(realm);
  if (name === "skills") return realm.skills();
  return undefined;
}

export const featureFunctions = [createFeature];
