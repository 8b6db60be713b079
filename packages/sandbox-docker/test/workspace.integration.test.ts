import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { createDockerSandbox } from "../src/index.ts";
import type { TestDaemon } from "./daemon.ts";
import { findDaemon } from "./daemon.ts";
import { runIn } from "./run-in.ts";

const daemon = await findDaemon();

function testWorkspace({ baseImage }: TestDaemon): void {
  const useFolder = async (
    workspaceMode: "read-only" | "read-write",
    { code, owner }: { readonly code: string; readonly owner: number },
  ): Promise<{ readonly value: unknown; readonly written: string | undefined }> => {
    const workspacePath = mkdtempSync(join(tmpdir(), "codemode-docker-"));
    chmodSync(workspacePath, 0o755);
    writeFileSync(join(workspacePath, "given.txt"), "given");
    chownSync(workspacePath, owner, owner);
    try {
      await using sandbox = createDockerSandbox({ baseImage, workspacePath, workspaceMode });
      const value = await runIn(sandbox, `import fs from "node:fs"; ${code}`).catch(String);
      return { value, written: readIfThere(join(workspacePath, "made.txt")) };
    } finally {
      rmSync(workspacePath, { recursive: true });
    }
  };
  const read = 'fs.readFileSync("given.txt", "utf8")';
  const write = 'fs.writeFileSync("made.txt", "made"); "written"';
  const isRoot = process.getuid?.() === 0;

  test("is read", async () => {
    const used = await useFolder("read-only", { code: read, owner: process.getuid?.() ?? 0 });

    expect(used).toEqual({ value: "given", written: undefined });
  });
  test("is not written where it is read-only", async () => {
    const used = await useFolder("read-only", { code: write, owner: process.getuid?.() ?? 0 });

    expect(used).toEqual({ value: expect.stringContaining("EROFS"), written: undefined });
  });
  test("is written as its owner where it is read-write", async () => {
    const owner = isRoot ? 12_345 : (process.getuid?.() ?? 0);

    const used = await useFolder("read-write", { code: write, owner });

    expect(used).toEqual({ value: "written", written: "made" });
  });
  test.runIf(isRoot)("is not written as root", async () => {
    const used = await useFolder("read-write", { code: write, owner: 0 });

    expect(used.value).toEqual(expect.stringContaining("belongs to root"));
  });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // What a test wants to know.
    return undefined;
  }
}

// oxlint-disable-next-line vitest/no-conditional-tests -- without a daemon there is nothing to test, and the helper has said so
if (daemon) {
  describe("a workspace", () => {
    testWorkspace(daemon);
  });
}
