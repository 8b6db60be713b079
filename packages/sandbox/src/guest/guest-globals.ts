import type { EventKit, Platform, QueryKit, SignalKit } from "./guest-platform.ts";
import type { GuestRealm } from "./guest-realm.ts";

declare function makeOnce<Thing>(make: () => Thing): () => Thing;
declare function defineLazily(realm: GuestRealm, name: string, make: () => unknown): void;
declare function createClone(platform: Platform): unknown;
declare function createTextEncoder(): unknown;
declare function createTextDecoder(platform: Platform): unknown;
declare function createBase64Encoder(platform: Platform): unknown;
declare function createBase64Decoder(platform: Platform): unknown;
declare function createException(): ReturnType<Platform["exception"]>;
declare function createQueryKit(): QueryKit;
declare function createEventKit(platform: Platform): EventKit;
declare function createSignalKit(platform: Platform): SignalKit;
declare function createUrl(platform: Platform): unknown;
declare function createCrypto(
  platform: Platform,
): Readonly<Record<"crypto" | "Crypto" | "SubtleCrypto", unknown>>;

/** Names of the web platform that programs expect. Only what the realm does not have is added. */
function installGlobals(realm: GuestRealm): void {
  const platform: Platform = {
    realm,
    exception: makeOnce(createException),
    query: makeOnce(createQueryKit),
    events: makeOnce(() => createEventKit(platform)),
    signals: makeOnce(() => createSignalKit(platform)),
  };
  defineLazily(realm, "performance", () => createClock(realm));
  defineLazily(realm, "structuredClone", () => createClone(platform));
  defineLazily(realm, "TextEncoder", createTextEncoder);
  defineLazily(realm, "TextDecoder", () => createTextDecoder(platform));
  defineLazily(realm, "btoa", () => createBase64Encoder(platform));
  defineLazily(realm, "atob", () => createBase64Decoder(platform));
  defineLazily(realm, "DOMException", platform.exception);
  defineLazily(realm, "URLSearchParams", () => platform.query().URLSearchParams);
  for (const name of ["Event", "CustomEvent", "EventTarget"] as const)
    defineLazily(realm, name, () => platform.events()[name]);
  for (const name of ["AbortController", "AbortSignal"] as const)
    defineLazily(realm, name, () => platform.signals()[name]);
  // These are questions to the runner; where it takes none, they are not there.
  if (!realm.ask) return;
  defineLazily(realm, "URL", () => createUrl(platform));
  const crypto = makeOnce(() => createCrypto(platform));
  for (const name of ["crypto", "Crypto", "SubtleCrypto"] as const)
    defineLazily(realm, name, () => crypto()[name]);
}

/** Never goes back, whatever is done to the machine's clock. */
function createClock(realm: GuestRealm): object {
  const start = realm.now();
  let latest = 0;
  const now = (): number => {
    const passed = realm.now() - start;
    if (passed > latest) latest = passed;
    return latest;
  };
  return { now, timeOrigin: start };
}

export const globalFunctions = [installGlobals, createClock];
