// Measures 10,000 values of 1.5 kB in one kind of storage. Prints one line of JSON, in microseconds.
//   node storage-worker.ts memory | file <folder> | redis <url>
import type { Storage } from "@codemode/storage";
import { createFileStorage, createMemoryStorage } from "@codemode/storage";
import { createRedisStorage } from "@codemode/storage-redis";

const COUNT = 10_000;
const AT_ONCE = 200;
const [kind, place = ""] = process.argv.slice(2);

function create(): Storage {
  if (kind === "file") return createFileStorage({ path: place });
  return kind === "redis" ? createRedisStorage({ url: place }) : createMemoryStorage();
}

async function measure(body: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await body();
  return (performance.now() - begun) * 1000;
}

const value = new Uint8Array(1500).fill(65);
await using filled = create();
const store = filled.open("bench");
for (let first = 0; first < COUNT; first += AT_ONCE) {
  const some = Array.from({ length: AT_ONCE }, (_, index) => `skill/${first + index}`);
  // oxlint-disable-next-line no-await-in-loop -- some at a time
  await Promise.all(some.map((key) => store.put(key, value)));
}
const put = await measure(() => store.put("skill/one-more", value));
await store.delete("skill/one-more");
const get = await measure(() => store.get("skill/5000"));
await using fresh = kind === "memory" ? filled : create();
const listed = fresh.open("bench");
await listed.get("skill/1");
const list = async (): Promise<void> => {
  const { entries } = await listed.list({ limit: COUNT });
  if (entries.length !== COUNT) throw new Error(`${entries.length} keys were listed.`);
};
const firstList = await measure(list);
const nextList = Math.min(await measure(list), await measure(list), await measure(list));
process.stdout.write(JSON.stringify({ put, get, firstList, nextList }));
