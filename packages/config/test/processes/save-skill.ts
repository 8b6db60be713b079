// A process that saves versions of one skill and says, after each, which it was promised:
// node save-skill.ts <a folder or the URL of a Redis> <writer> <count>
import { createSkillStore } from "@codemode/skills";
import { createFileStorage } from "@codemode/storage";
import { createRedisStorage } from "@codemode/storage-redis";

const [place = "", writer = "", count = "1"] = process.argv.slice(2);
await using storage = place.startsWith("redis:")
  ? createRedisStorage({ url: place })
  : createFileStorage({ path: place });
await using skills = createSkillStore({ storage });
for (let n = 0; n < Number(count); n += 1) {
  // oxlint-disable-next-line no-await-in-loop -- each is acknowledged before the next
  const { version, digest } = await skills.save({
    name: "shared-skill",
    source: `/** Shared. */\nexport function shared_skill() { return "${writer}-${n}"; }\n`,
  });
  process.stdout.write(`${version} ${digest}\n`);
}
