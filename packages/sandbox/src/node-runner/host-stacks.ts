import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as vm from "node:vm";

interface Frame {
  getFileName(): string | null | undefined;
  toString(): string;
}

type Prepare = (error: Error, frames: readonly Frame[]) => unknown;

// Where this runner is, which is no program's business.
const RUNNER = pathToFileURL(join(import.meta.dirname, "/")).href;

/**
 * Stacks as programs read them, their own and those of errors that Node and modules of the workspace
 * make: frames of programs as the guest shows them, those of the workspace from there, none of ours.
 */
export function installHostStacks(context: vm.Context, workspace: string): void {
  const guestError: object = vm.runInContext("Error", context);
  const prepare: unknown = Reflect.get(guestError, "prepareStackTrace");
  if (!isPrepare(prepare)) return;
  const folder = pathToFileURL(join(workspace, "/")).href;
  const prepareAll: Prepare = (error, frames) => {
    const head = String(prepare(error, []));
    const lines = frames.map((frame) => {
      const text = frame.toString();
      if (!text.includes(folder)) return String(prepare(error, [frame])).slice(head.length);
      return `\n    at ${text.replace(folder, "./")}`;
    });
    return head + lines.join("");
  };
  guardPrepare(guestError, prepare);
  guardPrepare(Error, prepareAll);
}

/** A preparation of the program's own sees no frame of ours; without one, ours is used again. */
function guardPrepare(realmError: object, prepare: Prepare): void {
  let current = prepare;
  const guarded = new WeakSet<Prepare>([prepare]);
  Object.defineProperty(realmError, "prepareStackTrace", {
    get: () => current,
    set(given: unknown) {
      if (!isPrepare(given)) current = prepare;
      else current = guarded.has(given) ? given : hideOurs(given);
      guarded.add(current);
    },
  });
}

function isPrepare(value: unknown): value is Prepare {
  return typeof value === "function";
}

function hideOurs(prepare: Prepare): Prepare {
  return (error, frames) =>
    prepare(
      error,
      frames.filter((frame) => !(frame.getFileName() ?? "").startsWith(RUNNER)),
    );
}
