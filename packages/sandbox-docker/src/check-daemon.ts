import type Docker from "dockerode";

import { unavailable } from "./daemon-error.ts";
import { withDeadline } from "./deadline.ts";

/** What is read of a daemon's description. */
export interface DaemonInfo {
  readonly OSType?: unknown;
  readonly MemoryLimit?: unknown;
  readonly PidsLimit?: unknown;
  readonly CpuCfsQuota?: unknown;
  readonly SecurityOptions?: unknown;
}

/** Refuses a daemon that has no Linux containers, and tells what it cannot keep programs from. */
export async function checkDaemon(
  docker: Docker,
  onProgress: (message: string) => void,
): Promise<void> {
  const info: unknown = await withDeadline("asking for the daemon's description", () =>
    docker.info(),
  );
  for (const weakness of weaknessesOf(Object(info))) onProgress(weakness);
}

/** In words. Throws `SANDBOX_UNAVAILABLE` where no container of ours can run. */
export function weaknessesOf(info: DaemonInfo): readonly string[] {
  if (info.OSType === "windows") {
    throw unavailable("settings", "This Docker daemon runs Windows containers.", {
      remedy: "Switch it to Linux containers, or choose another sandbox_variant.",
    });
  }
  const weaknesses: string[] = [];
  const add = (what: string): void => {
    weaknesses.push(`This Docker daemon cannot ${what} (see \`docker info\`).`);
  };
  // Rootless, or without the system's control groups. Said only where the daemon says no.
  if (info.MemoryLimit === false) add("limit memory: a program can take all of its machine's");
  if (info.PidsLimit === false) add("limit processes: a program can start any number");
  if (info.CpuCfsQuota === false) add("limit processors: a program can keep all of them busy");
  const { SecurityOptions: options } = info;
  if (Array.isArray(options) && !options.some((option) => String(option).includes("seccomp")))
    add("filter system calls");
  return weaknesses;
}
