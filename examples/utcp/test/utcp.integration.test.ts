import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("the example uses a service, an MCP server and a command in one program", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [main], { cwd: tmpdir() });

  expect(stderr).toBe("weather: connected\nnotes: connected\nwords: connected\n");
  expect(JSON.parse(stdout)).toEqual({
    forecasts: [
      { city: "Oslo", celsius: 12 },
      { city: "Barcelona", celsius: 27 },
    ],
    noted: ["27 degrees"],
    words: "3",
  });
});
