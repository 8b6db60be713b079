import type Docker from "dockerode";

import { withDeadline } from "./deadline.ts";
import { EXPIRES_LABEL, isDead, MANAGED_LABEL, OWNER_LABEL, parseOwner } from "./labels.ts";

// One that was made and not started in that time never will be.
const CREATED_MS = 60_000;
const REMOVE_TIMEOUT_MS = 20_000;

/** Which containers are looked at, and when. */
export interface ReapOptions {
  /** Labels that they have besides ours. Default: none. */
  readonly labels?: readonly string[];
  /** Milliseconds since 1970. Default: now. */
  readonly now?: number;
}

/** Removes our containers that nobody will miss: never started, expired, or of a process that has ended. */
export async function reapContainers(
  docker: Docker,
  { labels = [], now = Date.now() }: ReapOptions = {},
): Promise<number> {
  const found = await withDeadline("listing containers", (abortSignal) =>
    docker.listContainers({
      all: true,
      filters: { label: [`${MANAGED_LABEL}=1`, ...labels] },
      abortSignal,
    }),
  );
  const left = found.filter((container) => isLeftBehind(container, now));
  await Promise.all(left.map(({ Id }) => removeContainer(docker, Id)));
  return left.length;
}

function isLeftBehind({ State, Created, Labels }: Docker.ContainerInfo, now: number): boolean {
  if (State === "created" && now - Created * 1_000 > CREATED_MS) return true;
  const expires = Number(Labels[EXPIRES_LABEL]);
  if (Number.isFinite(expires) && expires * 1_000 < now) return true;
  const owner = parseOwner(Labels[OWNER_LABEL]);
  return owner !== undefined && isDead(owner);
}

/** By id or name, whatever it does; settles when it is gone. Never rejects. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  try {
    await withDeadline(
      "removing a container",
      () => container.remove({ force: true, v: true }),
      REMOVE_TIMEOUT_MS,
    );
  } catch (error) {
    // Gone already, or the daemon is: its supervisor ends by itself, and the label brings the next
    // reaper.
    if (isBeingRemoved(error)) await untilRemoved(container);
  }
}

/** By the daemon itself, as it does with all that end, and that takes a moment. */
function isBeingRemoved(error: unknown): boolean {
  return error instanceof Error && "statusCode" in error && error.statusCode === 409;
}

async function untilRemoved(container: Docker.Container): Promise<void> {
  try {
    await withDeadline(
      "waiting for a container's removal",
      (abortSignal) => container.wait({ condition: "removed", abortSignal }),
      REMOVE_TIMEOUT_MS,
    );
  } catch {
    // Gone meanwhile, or the daemon is.
  }
}
