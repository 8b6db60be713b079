import type { Sandbox } from "@codemode/sandbox";
import { afterAll, describe, expect, test } from "vitest";

import { createDockerSandbox } from "../src/index.ts";
import { findDaemon } from "./daemon.ts";
import { runBare } from "./in-container.ts";

const daemon = await findDaemon();

/** Tries each, and tells the code of what stopped it. */
const TRY_ALL = `
const told = [];
const attempt = async (name, what) => {
  try { await what(); told.push(name + ": done"); } catch (error) { told.push(name + ": " + (error.code ?? error.message)); }
};`;
const TELL = 'console.log(told.join("\\n"))';
const connectTo = (host: string, port: number): string =>
  `await attempt("${host}", () => new Promise((done, failed) => net.connect(${port}, "${host}").once("connect", done).once("error", failed)));`;

/** What a program does that has a container to itself, and what it gets. */
const ATTACKS: readonly {
  readonly title: string;
  readonly code: string;
  readonly output: RegExp;
  readonly exitCode?: number;
}[] = [
  {
    title: "has no capability, gets none, and runs under a filter of system calls",
    code: `import fs from "node:fs";
      const status = fs.readFileSync("/proc/self/status", "utf8");
      console.log(["CapEff", "CapPrm", "CapBnd", "NoNewPrivs", "Seccomp"].map((name) => name + " " + Number("0x" + new RegExp(name + ":\\\\s*(\\\\w+)").exec(status)[1])).join(", "), process.getuid());`,
    output: /^CapEff 0, CapPrm 0, CapBnd 0, NoNewPrivs 1, Seccomp 2 10001$/,
  },
  {
    title: "reaches no network, no metadata service and no name server",
    code: `import net from "node:net"; import dns from "node:dns/promises"; import os from "node:os";
      ${TRY_ALL}
      ${connectTo("1.1.1.1", 80)} ${connectTo("169.254.169.254", 80)} ${connectTo("172.17.0.1", 22)}
      await attempt("lookup", () => dns.lookup("example.com"));
      told.push(Object.keys(os.networkInterfaces()).join() || "lo"); ${TELL}`,
    output:
      /^1\.1\.1\.1: ENETUNREACH\n169\.254\.169\.254: ENETUNREACH\n172\.17\.0\.1: ENETUNREACH\nlookup: (EAI_AGAIN|ENOTFOUND)\nlo$/,
  },
  {
    title: "writes nowhere but to its workspace and /tmp",
    code: `import fs from "node:fs"; ${TRY_ALL}
      for (const path of ["/x", "/opt/codemode/x", "/etc/passwd", "/usr/local/bin/node", "/var/x", "/run/x", "/dev/shm/x", "/proc/sys/kernel/hostname", "/workspace/x", "/tmp/x"])
        await attempt(path, () => fs.writeFileSync(path, "x"));
      console.log(told.filter((line) => line.endsWith("done")).join());`,
    output: /^\/workspace\/x: done,\/tmp\/x: done$/,
  },
  {
    title: "finds neither the daemon's socket nor the host's memory",
    code: `import fs from "node:fs"; ${TRY_ALL}
      for (const path of ["/var/run/docker.sock", "/run/docker.sock", "/dev/mem", "/dev/sda", "/etc/shadow", "/proc/kcore", "/proc/sysrq-trigger", "/sys/firmware/efi"])
        await attempt(path, () => fs.closeSync(fs.openSync(path, path.includes("sysrq") ? "w" : "r")));
      const told2 = told.filter((line) => line.endsWith("done") && !line.startsWith("/proc/kcore"));
      let kcore = 0; try { kcore = fs.readSync(fs.openSync("/proc/kcore"), Buffer.alloc(8)); } catch {}
      console.log(told2.join() + kcore);`,
    output: /^0$/,
  },
  {
    title: "becomes nobody else and gets no priority",
    code: `import os from "node:os"; ${TRY_ALL}
      await attempt("setuid", () => process.setuid(0));
      await attempt("setgid", () => process.setgid(0));
      await attempt("priority", () => os.setPriority(0, -5)); ${TELL}`,
    output: /^setuid: EPERM\nsetgid: EPERM\npriority: (EPERM|EACCES|ERR_SYSTEM_ERROR)$/,
  },
  {
    title: "executes nothing that it has written",
    code: `import fs from "node:fs"; import { spawnSync } from "node:child_process"; ${TRY_ALL}
      for (const folder of ["/workspace", "/tmp"]) await attempt(folder, () => {
        fs.copyFileSync("/sbin/docker-init", folder + "/x"); fs.chmodSync(folder + "/x", 0o755);
        const { error } = spawnSync(folder + "/x", ["--version"]); if (error) throw error;
      }); ${TELL}`,
    output: /^\/workspace: EACCES\n\/tmp: EACCES$/,
  },
  {
    title: "cannot fill a disk, nor run the system out of files",
    code: `import fs from "node:fs"; ${TRY_ALL}
      const fill = (path) => { const block = Buffer.alloc(1 << 20); let size = 0; const file = fs.openSync(path, "w"); try { for (; size < 1e3; size += 1) fs.writeSync(file, block); } catch (error) { fs.unlinkSync(path); return size + " " + error.code; } };
      const many = (folder) => { let count = 0; try { for (; count < 1e5; count += 1) fs.writeFileSync(folder + "/" + count, ""); } catch (error) { return count + " " + error.code; } };
      const open = () => { let count = 0; try { for (; count < 1e5; count += 1) fs.openSync("/dev/null"); } catch (error) { return count < 256 && error.code; } };
      console.log([fill("/workspace/x"), fill("/tmp/x"), many("/workspace"), many("/tmp"), open()].join());`,
    output: /^6[34] ENOSPC,1[56] ENOSPC,409\d ENOSPC,102\d ENOSPC,EMFILE$/,
  },
  {
    title: "starts no more processes than it may",
    code: `import { spawn } from "node:child_process";
      let failed = 0;
      for (let n = 0; n < 80; n += 1) spawn("/sbin/docker-init", ["--", "/sbin/docker-init", "-g", "--", "/sbin/docker-init", "--version"], { stdio: "pipe" }).once("error", (error) => { failed += error.code === "EAGAIN"; });
      setTimeout(() => { console.log(failed > 0); process.exit(0); }, 500);`,
    output: /^true$/,
  },
  {
    title: "is ended when it takes more memory than its limit, swap or not",
    code: `const kept = []; for (;;) kept.push(Buffer.alloc(16 << 20, 1));`,
    output: /^$/,
    exitCode: 137,
  },
  {
    title: "does not end its first process",
    code: `try { process.kill(1, "SIGKILL"); } catch {} setTimeout(() => console.log("alive"), 100);`,
    output: /^alive$/,
  },
];

// oxlint-disable-next-line vitest/no-conditional-tests -- without a daemon there is nothing to attack, and the helper has said so
if (daemon) {
  describe("a program with a container to itself", () => {
    test.for(ATTACKS)("$title", async ({ code, output, exitCode = 0 }) => {
      const outcome = await runBare(daemon, { code });

      expect(outcome).toEqual({ output: expect.stringMatching(output), code: exitCode });
    });
  });
  describe("a program in a session", () => {
    const sandbox = createDockerSandbox({ baseImage: daemon.baseImage, prewarm: 1 });
    afterAll(() => sandbox[Symbol.asyncDispose]());
    testSession(sandbox);
  });
}

function testSession(sandbox: Sandbox): void {
  const run = async (codes: readonly string[], timeoutMs = 50_000) => {
    await using session = await sandbox.openSession();
    const results = [];
    for (const code of codes) {
      // oxlint-disable-next-line no-await-in-loop -- one session, one after another
      const result = await session.execute({
        executionId: "e",
        code,
        catalog: { revision: "0", servers: [], modules: [] },
        hostFunctions: {},
        callTool: () => Promise.resolve(null),
        limits: { timeoutMs, computeMs: timeoutMs },
      });
      results.push(result.ok ? result.value : result.error.code);
    }
    return results;
  };

  test("is refused processes, threads, addons, and files that are none of its own", async () => {
    const code = `
      import fs from "node:fs"; import { spawnSync } from "node:child_process"; import { Worker } from "node:worker_threads";
      const told = [];
      for (const what of [
        () => spawnSync("node"), () => new Worker("1", { eval: true }), () => process.dlopen({ exports: {} }, "/x.node"),
        () => fs.readFileSync("/etc/passwd"), () => fs.readFileSync("/proc/self/environ"),
        () => fs.openSync("/proc/" + process.ppid + "/fd/1", "w"), () => fs.openSync("/proc/" + process.ppid + "/mem", "r+"),
        () => fs.writeFileSync("/opt/codemode/x", ""), () => fs.writeFileSync("/proc/self/oom_score_adj", "0"),
      ]) { try { what(); told.push("done"); } catch (error) { told.push(error.code); } }
      [...new Set(told)]`;

    expect(await run([code])).toEqual([["ERR_ACCESS_DENIED", "ERR_DLOPEN_DISABLED"]]);
  });
  test("has its workspace, and no variables of the environment", async () => {
    const code = `
      import fs from "node:fs";
      fs.writeFileSync("a.txt", "A");
      [process.cwd(), fs.readFileSync("/workspace/a.txt", "utf8"), Object.keys(process.env)]`;

    expect(await run([code])).toEqual([["/workspace", "A", []]]);
  });
  test("that takes all memory beside the heap is MEMORY_LIMIT", async () => {
    const bomb = "const kept = []; for (;;) kept.push(Buffer.alloc(16 << 20, 1));";

    expect(await run([bomb, "1"])).toEqual(["MEMORY_LIMIT", "SESSION_LOST"]);
  });
  test("that would stop or end its supervisor may not", async () => {
    const refused = expect.stringMatching(/^GUEST_ERROR$/);
    const codes = ["SIGSTOP", "SIGKILL"].map((name) => `process.kill(process.ppid, "${name}")`);

    expect(await run([...codes, "1"])).toEqual([refused, refused, 1]);
  });
  test("that writes lines of its supervisor, or none at all, is ended", async () => {
    const end = '"@" + JSON.stringify({ type: "exit", code: 0, signal: null, outOfMemory: true })';
    const forged = [
      `fs.writeSync(3, ${end} + "\\n");`,
      `fs.writeSync(3, "half a line"); fs.writeSync(3, "\\n" + ${end} + "\\n");`,
      'fs.writeSync(3, "@To1 169.254.169.254:80\\n");',
      'for (let n = 0; n < 20; n += 1) fs.writeSync(3, "x".repeat(1 << 20));',
    ].map((code) => `import fs from "node:fs"; ${code} await new Promise(() => {})`);

    const outcomes = await Promise.all(forged.map((code) => run([code, "1"])));

    expect(outcomes).toEqual(
      forged.map(() => [expect.stringMatching(/^SANDBOX_(CRASHED|PROTOCOL)$/), "SESSION_LOST"]),
    );
  });
  test("that ends itself ends its session alone", async () => {
    const ends = ["process.reallyExit(0)", "process.reallyExit(7)"];
    const codes = ends.map((end) => `${end}; await new Promise(() => {})`);
    const outcomes = await Promise.all(codes.map((code) => run([code, "1"])));

    expect(outcomes).toEqual(codes.map(() => ["SANDBOX_CRASHED", "SESSION_LOST"]));
    expect(await run(["1"])).toEqual([1]);
  });
}
