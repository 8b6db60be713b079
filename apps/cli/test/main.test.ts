import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { runInNewContext } from "node:vm";

import { expect, test } from "vitest";

test.each(["../src/main.ts", "../../mcp-server/src/main.ts"])(
  "%s tells an old Node which one it needs before it imports anything",
  async (path) => {
    const source = await readFile(new URL(path, import.meta.url), "utf8");
    const script = stripTypeScriptTypes(source).replace(/^export \{\};$/m, "");
    const said: string[] = [];
    const old = {
      versions: { node: "20.20.2" },
      stderr: { write: (text: string) => said.push(text) },
      exitCode: 0,
    };

    // A script has no static imports: with one of them this is a syntax error.
    await runInNewContext(`(async () => {${script.replace(/^#!.*/, "")}\n})()`, { process: old });

    expect(old.exitCode).toBe(2);
    expect(said).toEqual([expect.stringContaining("needs Node 24 or newer; this is Node 20.20.2")]);
  },
);
