import { describe, expect, test } from "vitest";

import { createDockerSandbox } from "../src/index.ts";
import type { TestDaemon } from "./daemon.ts";
import { findDaemon } from "./daemon.ts";
import { runBare } from "./in-container.ts";

const RUNTIME = "runsc";
const daemon = await findDaemon();

async function hasRuntime({ docker }: TestDaemon): Promise<boolean> {
  const { Runtimes }: { readonly Runtimes?: object } = Object(await docker.info());
  return Object.hasOwn(Runtimes ?? {}, RUNTIME);
}

function testGvisor(found: TestDaemon): void {
  test("runs programs on a kernel of its own, with files and variables that live on", async () => {
    const { baseImage } = found;
    await using sandbox = createDockerSandbox({ baseImage, runtime: RUNTIME });
    await using session = await sandbox.openSession();
    const program = {
      executionId: "e",
      catalog: { revision: "0", servers: [], modules: [] },
      hostFunctions: {},
      callTool: () => Promise.resolve(null),
    };

    const first = await session.execute({
      ...program,
      code: 'import fs from "node:fs"; import os from "node:os"; fs.writeFileSync("a.txt", "A"); const kept = os.release(); kept',
    });
    const second = await session.execute({
      ...program,
      code: '[kept.length > 0, fs.readFileSync("a.txt", "utf8")]',
    });
    const bomb = await session.execute({
      ...program,
      code: "const all = []; for (;;) all.push(new Array(1e5).fill(all.length));",
      limits: { timeoutMs: 60_000, computeMs: 60_000 },
    });

    expect(first).toMatchObject({ ok: true, value: expect.stringMatching(/^4\./) });
    expect(second).toMatchObject({ ok: true, value: [true, "A"] });
    expect(bomb).toMatchObject({ ok: false, error: { code: "MEMORY_LIMIT" } });
  });
  test("has no network and a read-only file system there too", async () => {
    const code = `import net from "node:net"; import fs from "node:fs";
      let told = ""; try { fs.writeFileSync("/x", ""); told = "written"; } catch (error) { told = error.code; }
      net.connect(80, "1.1.1.1").once("error", (error) => console.log(told, error.code)).once("connect", () => console.log("connected"));`;

    const outcome = await runBare(found, { code, runtime: RUNTIME });

    expect(outcome).toEqual({
      output: expect.stringMatching(/^E(ROFS|ACCES) E\w+UNREACH$/),
      code: 0,
    });
  });
}

const gvisor = daemon && (await hasRuntime(daemon)) ? daemon : undefined;

test.runIf(daemon && !gvisor)(
  "tests with gVisor need a daemon with the runtime runsc",
  (context) => {
    expect(gvisor).toBeUndefined();
    context.skip("this daemon has no runtime runsc");
  },
);

// oxlint-disable-next-line vitest/no-conditional-tests -- without the runtime there is nothing to test, as said above
if (gvisor) {
  describe("gVisor", () => {
    testGvisor(gvisor);
  });
}
