import { setTimeout as delay } from "node:timers/promises";

import type { ToolAdapter } from "@codemode/core";
import { isCodemodeError } from "@codemode/core";

import { quoteName } from "./skill-error.ts";
import type { SkillSource, SkillSourceListing } from "./skill-source.ts";

// Who lists skills waits no longer for a server; what it says later is seen by the next.
const WAIT_MS = 2_000;
const LIST_TIMEOUT_MS = 20_000;
const READ_TIMEOUT_MS = 60_000;
// No server tells when its skills change.
const FRESH_MS = 60_000;
const RETRY_MS = 10_000;

/** Skills of an upstream server, to read. `undefined` where its protocol knows none. */
export function createAdapterSource(
  adapter: Pick<ToolAdapter, "name" | "skills">,
): SkillSource | undefined {
  const { name, skills } = adapter;
  if (!skills) return undefined;
  const listeners = new Set<() => void>();
  let listing: SkillSourceListing = { skills: [], diagnostics: [] };
  let staleAt = 0;
  let wasListed = false;
  let reading: Promise<unknown> | undefined;
  let first: Promise<unknown> | undefined;
  const keep = (next: SkillSourceListing): void => {
    // The same object where nothing has changed: nothing is indexed again.
    if (JSON.stringify(next) === JSON.stringify(listing)) return;
    listing = next;
    for (const listener of listeners) listener();
  };
  const refresh = async (): Promise<void> => {
    try {
      const listed = await skills.list({ signal: AbortSignal.timeout(LIST_TIMEOUT_MS) });
      const found = listed.skills.map((skill) => ({ ...skill, tags: [] }));
      staleAt = performance.now() + FRESH_MS;
      wasListed = true;
      keep({ skills: found, diagnostics: listed.diagnostics });
    } catch (error) {
      staleAt = performance.now() + RETRY_MS;
      const reason = isCodemodeError(error) ? error.message : "it failed";
      const message = `Skills of server ${quoteName(name)} could not be listed: ${reason}`;
      keep({ skills: listing.skills, diagnostics: [{ code: "SKILLS_UNLISTED", message }] });
    } finally {
      reading = undefined;
    }
  };
  return {
    origin: `mcp:${name}`,
    async list() {
      if (performance.now() < staleAt) return listing;
      if (!reading) {
        reading = refresh();
        // Once it is over, who comes later takes what is known.
        first = Promise.race([reading, delay(WAIT_MS, undefined, { ref: false })]);
      }
      // What is only stale is good enough for now; who watches is told of the next.
      if (!wasListed) await first;
      return listing;
    },
    read: (skill) => skills.read(skill, { signal: AbortSignal.timeout(READ_TIMEOUT_MS) }),
    watch(onChange) {
      listeners.add(onChange);
      return { [Symbol.dispose]: () => void listeners.delete(onChange) };
    },
  };
}
