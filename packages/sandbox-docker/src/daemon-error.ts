import { CodemodeError, isCodemodeError } from "@codemode/core";

import { DaemonTimeoutError } from "./deadline.ts";
import { SSH_ERROR_CODE } from "./ssh-agent.ts";

/** Why no container runs, in a word. */
export type UnavailableKind =
  | "no_daemon"
  | "no_permission"
  | "no_image"
  | "no_runtime"
  | "no_answer"
  | "settings"
  | "refused";

/** What a message may need to name. */
export interface DaemonErrorContext {
  /** Where the daemon was looked for. */
  readonly host: string;
  readonly image: string;
  readonly runtime: string | undefined;
}

/** Said with a next step; both stand in the error's details too. */
export function unavailable(
  kind: UnavailableKind,
  reason: string,
  { remedy, cause }: { readonly remedy: string; readonly cause?: unknown },
): CodemodeError {
  return new CodemodeError("SANDBOX_UNAVAILABLE", `${reason} ${remedy}`, {
    cause,
    details: { kind, reason, remedy },
    retryable: kind === "no_answer",
  });
}

const NO_DAEMON: ReadonlySet<unknown> = new Set([
  "ENOENT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EAI_AGAIN",
]);

/** A failure of the daemon, in words that name the next step. */
export function toUnavailable(error: unknown, context: DaemonErrorContext): CodemodeError {
  if (isCodemodeError(error)) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const { host, image, runtime } = context;
  if (code === "EACCES" || code === "EPERM") {
    return unavailable("no_permission", `This user may not use the Docker daemon at ${host}.`, {
      remedy:
        'Add the user to the group "docker" and sign in again, use rootless Docker, or set docker.host.',
      cause: error,
    });
  }
  if (code === SSH_ERROR_CODE) {
    return unavailable(
      "no_daemon",
      `The Docker daemon at ${host} is not reached: ${clean(message)}.`,
      {
        remedy: "See that `ssh` gets there without a question, and that `docker info` works there.",
        cause: error,
      },
    );
  }
  if (NO_DAEMON.has(code)) {
    return unavailable("no_daemon", `There is no Docker daemon at ${host} (${String(code)}).`, {
      remedy:
        "Install Docker and start it, set docker.host or DOCKER_HOST, or choose another sandbox_variant.",
      cause: error,
    });
  }
  if (error instanceof DaemonTimeoutError) {
    return unavailable("no_answer", `The Docker daemon at ${host} is stuck: ${message}.`, {
      remedy: "See that the daemon is well (`docker info`), then try again.",
      cause: error,
    });
  }
  if (/no such image/i.test(message)) {
    return unavailable("no_image", `The image ${image} is not there.`, {
      remedy: "Try again: it is built when it is needed.",
      cause: error,
    });
  }
  if (/unknown runtime|unknown or invalid runtime/i.test(message)) {
    return unavailable("no_runtime", `The daemon has no runtime "${runtime ?? "runc"}".`, {
      remedy:
        "Install it and name it in the daemon's configuration (/etc/docker/daemon.json, `runtimes`), or leave docker.runtime out.",
      cause: error,
    });
  }
  return unavailable("refused", `The Docker daemon refuses: ${clean(message)}.`, {
    remedy: "See that the settings under `docker` suit this daemon.",
    cause: error,
  });
}

/** One line of the daemon's words. */
function clean(message: string): string {
  return message.replaceAll(/\s+/g, " ").trim().replace(/\.$/, "").slice(0, 500);
}
