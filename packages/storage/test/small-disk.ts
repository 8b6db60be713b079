import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own, in memory. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  /** As a disk does on which an error was found. */
  makeReadOnly(): void;
}

/** Mounts one of so many MiB; `undefined` where this process may not. */
export function mountSmallDisk(mebibytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), "small-disk-"));
  const mount = (...args: readonly string[]): boolean =>
    spawnSync("mount", [...args, path]).status === 0;
  if (!mount("-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs")) {
    rmdirSync(path);
    return undefined;
  }
  return {
    path,
    makeReadOnly: () => void mount("-o", "remount,ro"),
    [Symbol.dispose]() {
      spawnSync("umount", ["-l", path]);
      rmdirSync(path);
    },
  };
}
