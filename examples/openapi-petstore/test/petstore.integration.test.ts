import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("the example lists, adds, updates, uploads and reads, and tells of a failure", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [main], { cwd: tmpdir() });

  expect(stderr).toBe("petstore: connected, 6 tools\n");
  expect(JSON.parse(stdout)).toEqual({
    dogs: ["Rex", "Ida"],
    updated: { id: 6, name: "Pip", status: "available", tags: ["dog"] },
    stored: { bytes: 18, caption: "Pip" },
    isSamePhoto: true,
    failure: {
      message:
        'Tool "petstore.getPet" failed: GET /pets/{petId} answered HTTP 404: There is no pet 99.',
      details: { status: 404, body: { message: "There is no pet 99" } },
    },
  });
});
