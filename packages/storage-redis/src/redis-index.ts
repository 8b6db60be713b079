import type { ListOptions, ListPage, StoredEntry } from "@codemode/storage";

import type { BlobContext } from "./redis-blobs.ts";
import { parseMember } from "./redis-entry.ts";
import { LIST_SCRIPT } from "./redis-scripts.ts";

/** One page of a namespace's keys. Those whose time is up are left out, and out of the index. */
export async function listIndex(
  { keys, connection }: BlobContext,
  { prefix = "", limit = 1000, after }: ListOptions,
): Promise<ListPage> {
  const entries: StoredEntry[] = [];
  const expired: string[] = [];
  let from = lowest(prefix, after);
  for (let more = true; more && entries.length <= limit;) {
    const wanted = limit + 1 - entries.length;
    // oxlint-disable-next-line no-await-in-loop -- more only where some were expired
    const found = await connection.run((redis) =>
      redis.eval(LIST_SCRIPT, 1, keys.index, from, highest(prefix), wanted),
    );
    const [now, members] = toReply(found);
    for (const member of members) {
      const entry = parseMember(member);
      if (entry === undefined) continue;
      if (entry.expiresAt !== undefined && Date.parse(entry.expiresAt) <= now) expired.push(member);
      else entries.push(entry);
    }
    more = members.length === wanted;
    from = Buffer.from(`(${members.at(-1) ?? ""}`);
  }
  if (expired.length > 0) {
    // Tidying that fails is done by who next lists.
    await connection.run((redis) => redis.zrem(keys.index, ...expired)).catch(() => {});
  }
  const page = entries.slice(0, limit);
  const next = page.at(-1)?.key;
  return entries.length > limit && next !== undefined ? { entries: page, next } : { entries: page };
}

// A member begins with its key and a NUL, which no key has: \x01 is after all members of a key, and
// before those of the next one.
function lowest(prefix: string, after: string | undefined): Buffer | string {
  const bytes = Buffer.from(after === undefined ? prefix : `${after}\u0001`);
  const start = Buffer.from(prefix);
  const from = Buffer.compare(bytes, start) > 0 ? bytes : start;
  return from.byteLength === 0 ? "-" : Buffer.concat([Buffer.from("["), from]);
}

/** No text in UTF-8 has the byte 0xff. */
function highest(prefix: string): Buffer | string {
  return prefix === "" ? "+" : Buffer.concat([Buffer.from(`(${prefix}`), Buffer.from([0xff])]);
}

function toReply(reply: unknown): readonly [now: number, members: readonly string[]] {
  const [now, members] = Array.isArray(reply) ? reply : [];
  return [Number(now), Array.isArray(members) ? members.map(String) : []];
}
