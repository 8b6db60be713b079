import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";

// Reads `+ pid` and `- pid` until whoever writes them is gone, however it went, and then ends the groups
// that are left. Nothing but numbers of ours is ever read.
const SCRIPT = `
groups=
while read -r sign pid; do
  case $sign in
    +) groups="$groups $pid" ;;
    -) rest=; for one in $groups; do [ "$one" = "$pid" ] || rest="$rest $one"; done; groups=$rest ;;
  esac
done
for one in $groups; do kill -s TERM -- "-$one"; done
[ -z "$groups" ] || sleep 1
for one in $groups; do kill -s KILL -- "-$one"; done
`;

// One for all groups; a moment after the last of them it is let go.
const IDLE_MS = 1_000;
let guard: ChildProcess | undefined;
let guarded = 0;
let idle: NodeJS.Timeout | undefined;

/**
 * Ends the group of `child` when this process is gone, even by a signal that it cannot see: one small
 * shell beside it waits for that, for all groups. Returns how to forget the group. Not on Windows.
 */
export function guardGroup({ pid }: ChildProcess): () => void {
  if (pid === undefined || process.platform === "win32") return () => undefined;
  clearTimeout(idle);
  guard ??= startGuard();
  const { stdin } = guard;
  stdin?.write(`+ ${pid}\n`);
  guarded += 1;
  let isForgotten = false;
  return () => {
    if (isForgotten) return;
    isForgotten = true;
    stdin?.write(`- ${pid}\n`);
    guarded -= 1;
    if (guarded === 0) idle = setTimeout(letGo, IDLE_MS).unref();
  };
}

function letGo(): void {
  guard?.stdin?.end();
  guard = undefined;
}

function startGuard(): ChildProcess {
  const child = spawn("/bin/sh", ["-c", SCRIPT], {
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin" },
    // What is sent to our group, as by Ctrl-C, is not meant for it.
    detached: true,
  });
  const { stdin } = child;
  const forget = (): void => {
    if (guard === child) guard = undefined;
  };
  // Without it, groups still end when this process ends in good order.
  child.on("error", forget).on("exit", forget);
  stdin?.on("error", forget);
  child.unref();
  if (stdin && "unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return child;
}
