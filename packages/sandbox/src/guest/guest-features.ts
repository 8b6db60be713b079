import type { GuestRealm } from "./guest-realm.ts";

declare function createAsk(
  realm: GuestRealm,
): (name: string) => (...args: unknown[]) => Promise<unknown>;
declare function createArtifacts(realm: GuestRealm): object;

/** `deps`: npm packages that a program installs for itself. */
function createDeps(realm: GuestRealm): object {
  const ask = createAsk(realm);
  return realm.freeze({
    __proto__: null,
    add: ask("deps.add"),
    list: ask("deps.list"),
    remove: ask("deps.remove"),
    sync: ask("deps.sync"),
  });
}

/** What a session can have besides servers, by its name in programs. */
function createFeature(realm: GuestRealm, name: string): object | undefined {
  if (name === "artifacts") return createArtifacts(realm);
  if (name === "deps") return createDeps(realm);
  if (name === "skills") return realm.skills();
  return undefined;
}

export const featureFunctions = [createDeps, createFeature];
