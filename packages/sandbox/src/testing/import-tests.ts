import { expect } from "vitest";

import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import { CATALOG, callTool, toRequest } from "./requests.ts";

/** What can be imported. */
export function testImports({ run, runAll, sandbox, check, gives, fails }: Harness): void {
  gives([
    [
      "import.binding",
      'import { read } from "generated/servers/file_system";\nimport { read_all as all } from "generated/mcp/file-system.ts";\n[await read({ n: 1 }), await all({ n: 2 })]',
      [{ n: 1 }, { n: 2 }],
    ],
    [
      "import.namespace",
      'import * as fs from "generated/servers/file-system";\nconst again = await import("./generated/servers/file_system");\n[await fs.read({ n: 1 }), await again.read({ n: 2 })]',
      [{ n: 1 }, { n: 2 }],
    ],
    [
      "import.spellings",
      'import * as a from "./generated/servers/file_system/index.ts";\nimport * as b from "@/generated/servers/file_system.js";\nimport * as c from "/generated/mcp/file_system.mts";\n[a === b, b === c, a === file_system]',
      [true, true, true],
    ],
    [
      "import.hoisted",
      'const answer = await read({ n: 1 });\nimport { read } from "generated/servers/file_system";\nanswer',
      { n: 1 },
    ],
    [
      "import.meta",
      "[typeof import.meta, Object.keys(import.meta), import.meta.url ?? null]",
      ["object", [], null],
    ],
    [
      "import.module-imports",
      ['import reader from "skills/reader";\nawait reader()'],
      [{ path: "m" }, 1],
    ],
    [
      "import.unknown-dynamic",
      'try { await import("generated/servers/nowhere") } catch (e) { var seen = [e instanceof Error, e.message] }\n[seen[0], seen[1].includes("generated/servers/nowhere")]',
      [true, true],
    ],
    ["import.node", 'import { basename } from "node:path";\nbasename("/a/b")', "b"],
  ]);
  fails([
    [
      "import.unknown-name",
      'import { raed } from "generated/servers/file_system";',
      {
        code: "IMPORT_NOT_FOUND",
        line: 1,
        message: expect.stringContaining('Did you mean "read"?'),
      },
    ],
    [
      "import.default",
      'const a = 1;\nimport fs from "generated/servers/file_system";',
      {
        code: "IMPORT_NOT_FOUND",
        line: 2,
        message: expect.stringContaining("import * as file_system"),
      },
    ],
    [
      "import.cycle",
      'import { a } from "skills/a"; a',
      { message: expect.stringContaining("import each other") },
    ],
    [
      "import.missing",
      '1;\nimport { a } from "nowhere-to-be-found";',
      { phase: "check", code: "IMPORT_NOT_FOUND", line: 2, column: 19 },
    ],
    [
      "import.missing",
      '\nawait import("nowhere-to-be-found")',
      { phase: "run", code: "GUEST_ERROR", line: 2, column: 7 },
    ],
    ["import.no-node", 'import fs from "node:fs";\nfs', { code: "IMPORT_NOT_FOUND", line: 1 }],
    ["import.no-node", 'await import("child_process")', { code: "GUEST_ERROR" }],
  ]);
  check("import.for-effect", async () => {
    expect(errorOf(await run('import "skills/throws"; 1')).message).toBe("broken skill");
  });
  check("import.source-module", async () => {
    const results = await runAll([
      'import { next } from "skills/count"; next()',
      'const { next: n } = await import("skills/count"); n()',
    ]);

    expect(results.map(valueOf)).toEqual([1, 2]);
  });
  check("import.unknown-module", async () => {
    const result = await run(
      'console.log("ran");\nimport { read } from "generated/servers/file_sistem";',
    );

    expect(result.logs).toEqual([]);
    expect(errorOf(result)).toMatchObject({
      phase: "check",
      code: "IMPORT_NOT_FOUND",
      line: 2,
      message: expect.stringContaining('Did you mean "generated/servers/file_system"?'),
    });
  });
  check("import.new-catalog", async () => {
    await using session = await sandbox().openSession();
    await session.execute(toRequest("1"));
    const [server] = CATALOG.servers;
    const renamed = {
      revision: "2",
      modules: [],
      servers: server ? [{ ...server, identifier: "files" }] : [],
    };
    const code = "[typeof file_system, await files.read({ n: 1 })]";

    const seen = await session.execute(toRequest(code, { catalog: renamed, callTool }));

    expect(valueOf(seen)).toEqual(["undefined", { n: 1 }]);
  });
}
