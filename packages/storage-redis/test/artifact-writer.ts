// A process of its own that saves artifacts: node artifact-writer.ts <url> <name> <count>
// Says on stdout what is acknowledged: a line each, `<version> <digest>`.
import { writeSync } from "node:fs";

import { createArtifactStore } from "@codemode/storage";

import { createRedisStorage } from "../src/redis-storage.ts";

const [url = "", name = "", count] = process.argv.slice(2);
await using storage = createRedisStorage({ url });
const artifacts = createArtifactStore({ storage, maxVersions: 10_000 });
for (let round = 0; round < Number(count); round += 1) {
  // Every tenth is in pieces in Redis, and comes as a stream.
  const data = round % 10 === 9 ? pieces(round) : `${name}.${round}.`.padEnd(3000, name);
  // oxlint-disable-next-line no-await-in-loop -- one acknowledged save after another
  const { version, digest } = await artifacts.save("shared", data);
  // Not through a stream: what is said has to be out before the process may die.
  writeSync(1, `${version} ${digest}\n`);
}

async function* pieces(round: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < 4; index += 1) {
    // oxlint-disable-next-line no-await-in-loop -- chunks come one after another
    yield await Promise.resolve(Buffer.alloc(700_000, `${name}.${round}.${index}`));
  }
}
