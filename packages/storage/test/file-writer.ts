// A process of its own that writes to files: node file-writer.ts <path> <does> <name> <count>
import { createFileStorage } from "../src/file-storage.ts";
import { runWriter } from "../src/testing/run-writer.ts";

const [path = "", does, name = "", count] = process.argv.slice(2);
await using storage = createFileStorage({ path, lockTimeoutMs: 60_000 });
await runWriter(storage.open("shared"), {
  does: does === "appends" ? "appends" : "puts",
  name,
  count: Number(count),
});
