// Measures codemode beside comparable systems, and its sandboxes beside what no process can beat.
import { benchAttacks } from "./attack-bench.ts";
import { benchCatalog } from "./catalog-bench.ts";
import { keepAwake } from "./keep-awake.ts";
import { benchNeighbours } from "./neighbour-bench.ts";
import { benchPeers } from "./peer-bench.ts";
import { benchSandboxes } from "./sandbox-bench.ts";
import { benchSkills } from "./skill-bench.ts";
import { benchStorage } from "./storage-bench.ts";

const parts = {
  peers: benchPeers,
  sandboxes: benchSandboxes,
  catalog: benchCatalog,
  attacks: benchAttacks,
  neighbours: benchNeighbours,
  skills: benchSkills,
  storage: benchStorage,
};
const [wanted] = process.argv.slice(2);
if (wanted !== undefined && !(wanted in parts)) {
  process.stderr.write(`No part "${wanted}". There are: ${Object.keys(parts).join(", ")}.\n`);
  process.exit(2);
}
using awake = keepAwake();
process.stderr.write(`${awake.processors} processors are kept awake\n`);
for (const [name, bench] of Object.entries(parts)) {
  if (wanted === undefined || wanted === name) process.stdout.write(`${bench(awake)}\n`);
}
