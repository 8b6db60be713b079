// A process that saves versions of one skill in Redis and says, after each, which it was promised:
// node save-skill.ts <url> <writer> <count>
import { createSkillStore } from "@codemode/skills";
import { createRedisStorage } from "@codemode/storage-redis";

const [url = "", writer = "", count = "1"] = process.argv.slice(2);
await using storage = createRedisStorage({ url });
await using skills = createSkillStore({ storage });
for (let n = 0; n < Number(count); n += 1) {
  // oxlint-disable-next-line no-await-in-loop -- each is acknowledged before the next
  const { version, digest } = await skills.save({
    name: "shared-skill",
    source: `/** Shared. */\nexport function shared_skill() { return "${writer}-${n}"; }\n`,
  });
  process.stdout.write(`${version} ${digest}\n`);
}
