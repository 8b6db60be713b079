import { expect, test } from "vitest";

import type { Harness } from "./harness.ts";
import { CATALOG, callTool, errorOf, valueOf } from "./harness.ts";
import type { RequirementId } from "./requirements.ts";

/** What lives on, and what is imported. */
export function testState(harness: Harness): void {
  const { runAll, sandbox, verifies, holds } = harness;
  const kept: readonly (readonly [RequirementId, readonly string[], unknown])[] = [
    [
      "state.variables",
      [
        "const a = 1; let b = 2; var c = 3; function f() { return a + b + c } class K { v = f() }",
        "b = 10; new K().v",
      ],
      14,
    ],
    [
      "state.redeclare",
      ["const a = 1; function f() { return 1 }", "const a = 2; const f = () => 3; a + f()"],
      5,
    ],
    [
      "state.imports",
      ['import { read as r } from "generated/servers/file-system"', "await r({ n: 1 })"],
      { n: 1 },
    ],
    ["state.after-throw", ["var before = 1; null.x", "before"], 1],
  ];
  for (const [id, programs, value] of kept) {
    const title = verifies(id);
    test.runIf(holds(id))(title, async () => {
      const results = await runAll(programs);
      expect(valueOf(results.at(-1))).toEqual(value);
    });
  }
  test(verifies("state.apart"), async () => {
    await using a = await sandbox().openSession();
    await using b = await sandbox().openSession();
    const program = { catalog: CATALOG, callTool, hostFunctions: {} };
    await a.execute({
      ...program,
      executionId: "a",
      code: "globalThis.secret = 1; Object.prototype.polluted = 2;",
    });

    const seen = await b.execute({
      ...program,
      executionId: "b",
      code: "[typeof secret, {}.polluted ?? null]",
    });

    expect(valueOf(seen)).toEqual(["undefined", null]);
  });
  test(verifies("state.order"), async () => {
    await using session = await sandbox().openSession();
    const program = { catalog: CATALOG, callTool, hostFunctions: {} };

    const results = await Promise.all(
      ["var n = 1; await file_system.wait({ ms: 50 }); n", "n += 1", "n * 10"].map((code, index) =>
        session.execute({ ...program, executionId: `e${index}`, code }),
      ),
    );

    expect(results.map(valueOf)).toEqual([1, 2, 20]);
  });
  testImports(harness);
}

function testImports({ run, runAll, sandbox, verifies }: Harness): void {
  const imports: readonly (readonly [RequirementId, string, unknown])[] = [
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
      "import.module-imports",
      'import reader from "skills/reader";\nawait reader()',
      [{ path: "m" }, 1],
    ],
  ];
  for (const [id, code, value] of imports) {
    test(verifies(id), async () => {
      expect(valueOf(await run(code))).toEqual(value);
    });
  }

  test(verifies("import.source-module"), async () => {
    const results = await runAll([
      'import { next } from "skills/count"; next()',
      'const { next: n } = await import("skills/count"); n()',
    ]);

    expect(results.map(valueOf)).toEqual([1, 2]);
  });
  test(verifies("import.unknown-module"), async () => {
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
  test(verifies("import.unknown-name"), async () => {
    expect(
      errorOf(await run('import { raed } from "generated/servers/file_system";')),
    ).toMatchObject({
      code: "IMPORT_NOT_FOUND",
      line: 1,
      message: expect.stringContaining('Did you mean "read"?'),
    });
  });
  test(verifies("import.cycle"), async () => {
    expect(errorOf(await run('import { a } from "skills/a"; a')).message).toContain(
      "import each other",
    );
  });
  test(verifies("import.new-catalog"), async () => {
    await using session = await sandbox().openSession();
    const program = { callTool, hostFunctions: {} };
    await session.execute({ ...program, catalog: CATALOG, executionId: "1", code: "1" });
    const [server] = CATALOG.servers;
    const renamed = {
      revision: "2",
      modules: [],
      servers: server ? [{ ...server, identifier: "files" }] : [],
    };

    const seen = await session.execute({
      ...program,
      catalog: renamed,
      executionId: "2",
      code: "[typeof file_system, await files.read({ n: 1 })]",
    });

    expect(valueOf(seen)).toEqual(["undefined", { n: 1 }]);
  });
}
