import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { afterAll, describe, expect, test, vi } from "vitest";

import { createDockerSandbox } from "../src/index.ts";
import { findDaemon } from "./daemon.ts";

const daemon = await findDaemon();
const folder = mkdtempSync(join(tmpdir(), "codemode-ssh-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Puts a command `ssh` first, which notes what it was asked for. */
function placeSsh(script: string): void {
  const note = `require("fs").writeFileSync(${JSON.stringify(join(folder, "asked"))}, JSON.stringify(process.argv.slice(2)));`;
  writeFileSync(join(folder, "ssh"), `#!${process.execPath}\n${note}\n${script}`);
  chmodSync(join(folder, "ssh"), 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
}

function testSsh(baseImage: string): void {
  const program = {
    executionId: "e",
    code: "1 + 1",
    catalog: { revision: "0", servers: [], modules: [] },
    hostFunctions: {},
    callTool: () => Promise.resolve(null),
  };

  test("is asked of the system's ssh, and serves like any other", async () => {
    const socket = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").slice(7);
    placeSsh(`const socket = require("net").connect(${JSON.stringify(socket)});
      process.stdin.pipe(socket).pipe(process.stdout);`);
    await using sandbox = createDockerSandbox({ baseImage, host: "ssh://me@build-host:2222" });
    await using session = await sandbox.openSession();

    const result = await session.execute(program);

    const asked: unknown = JSON.parse(readFileSync(join(folder, "asked"), "utf8"));
    expect(result).toMatchObject({ ok: true, value: 2 });
    expect(asked).toEqual(
      "-T -o BatchMode=yes -o ConnectTimeout=10 -p 2222 -l me -- build-host docker system dial-stdio".split(
        " ",
      ),
    );
  });
  test("that refuses is told in ssh's own words", async () => {
    placeSsh(
      'process.stderr.write("Host key verification failed.\\r\\n"); process.exitCode = 255;',
    );
    await using sandbox = createDockerSandbox({ baseImage, host: "ssh://build-host" });

    expect(await sandbox.probe()).toEqual({
      ok: false,
      reason: expect.stringContaining("not reached: Host key verification failed."),
      remedy: expect.stringContaining("without a question"),
    });
  });
}

// oxlint-disable-next-line vitest/no-conditional-tests -- without a daemon there is nothing to reach, and the helper has said so
if (daemon) {
  describe("a daemon on another machine", () => {
    testSsh(daemon.baseImage);
  });
}
