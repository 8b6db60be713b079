// A process of its own that keeps 10,000 skills in files, and prints how long looking at them takes.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createSkillStore } from "@codemode/skills";
import { createFileStorage } from "@codemode/storage";

const COUNT = 10_000;
const VERBS = "convert upload parse merge split resize archive translate summarize validate".split(
  " ",
);
const NOUNS = "invoice photo report contract calendar mailbox dataset ticket recipe map".split(" ");

const path = await mkdtemp(join(tmpdir(), "skill-bench-"));
try {
  await fill();
  await using storage = createFileStorage({ path });
  await using skills = createSkillStore({ storage });
  const search = async (): Promise<unknown> => skills.search("resize a photo for the archive");
  const load = await timed(async () => skills.list());
  const list = await best(async () => skills.list({ limit: COUNT }));
  const firstSearch = await timed(search);
  const fastest = await best(search);
  await skills.update("resize-photo-1015", { tags: ["new"] });
  const searchAfterSave = await timed(search);
  const get = await best(async () => skills.get("resize-photo-1015"));
  const figures = { load, list, firstSearch, search: fastest, searchAfterSave, get };
  process.stdout.write(JSON.stringify(figures));
} finally {
  await rm(path, { recursive: true, force: true });
}

/** Records as a store writes them: saving ten thousand would take minutes, for nothing. */
async function fill(): Promise<void> {
  await using storage = createFileStorage({ path });
  await using skills = createSkillStore({ storage });
  await skills.save(skillOf(0));
  const store = storage.open("skills");
  const heads = await store.list({ prefix: "head/" });
  const content = await store.list({ prefix: "content/" });
  const head = await store.get(heads.entries[0]?.key ?? "");
  const body = await store.get(content.entries[0]?.key ?? "");
  if (!head || !body) throw new Error("nothing was saved");
  const record: Record<string, unknown> = JSON.parse(Buffer.from(head.value).toString());
  const versions: unknown = record["versions"];
  const part = content.entries[0]?.key.split("/").at(-1) ?? "";
  const numbers = Array.from({ length: COUNT - 1 }, (_, n) => n + 1).values();
  const write = async (): Promise<void> => {
    for (const n of numbers) {
      const { name, description, tags, source } = skillOf(n);
      const key = name.replaceAll("-", "_");
      const files = { files: { [`${name}.ts`]: { text: source } } };
      const value = { ...record, name, description, tags, versions, excerpt: `${name} step ${n}` };
      // oxlint-disable-next-line no-await-in-loop -- 32 of these run at once
      await Promise.all([
        store.put(`content/${key}/${part}`, Buffer.from(JSON.stringify(files))),
        store.put(`head/${key}`, Buffer.from(JSON.stringify(value))),
      ]);
    }
  };
  await Promise.all(Array.from({ length: 32 }, write));
}

function skillOf(n: number): {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly source: string;
} {
  const verb = VERBS[n % 10] ?? "";
  const noun = NOUNS[Math.trunc(n / 10) % 10] ?? "";
  const description = `Use it to ${verb} a ${noun} and keep the result number ${n} for later.`;
  const source = `/** ${description} */\nexport function run(path: string) { return path + ${n}; }\n`;
  return { name: `${verb}-${noun}-${n}`, description, tags: [verb, noun], source };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) * 1000;
}

async function best(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < 10; pass += 1) {
    // oxlint-disable-next-line no-await-in-loop -- passes one after another
    least = Math.min(least, await timed(work));
  }
  return least;
}
