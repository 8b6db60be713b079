import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as vm from "node:vm";

interface Frame {
  getFileName(): string | null | undefined;
  toString(): string;
}

type Prepare = (error: Error, frames: readonly Frame[]) => unknown;

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
  guardPrepare(guestError, prepare, folder);
  guardPrepare(Error, prepareAll, folder);
}

/** A preparation of the program's own sees no frame of ours; without one, ours is used again. */
function guardPrepare(realmError: object, prepare: Prepare, folder: string): void {
  let current = prepare;
  const guarded = new WeakSet<Prepare>([prepare]);
  Object.defineProperty(realmError, "prepareStackTrace", {
    get: () => current,
    set(given: unknown) {
      if (!isPrepare(given)) current = prepare;
      else current = guarded.has(given) ? given : hideOurs(given, folder);
      guarded.add(current);
    },
  });
}

function isPrepare(value: unknown): value is Prepare {
  return typeof value === "function";
}

/** Under the outermost frame of a program, or of a module of the workspace, all are ours. */
function hideOurs(prepare: Prepare, folder: string): Prepare {
  return (error, frames) =>
    prepare(error, frames.slice(0, frames.findLastIndex((frame) => isTheirs(frame, folder)) + 1));
}

function isTheirs(frame: Frame, folder: string): boolean {
  return /\bcodemode(-module)?:/.test(frame.toString()) || frame.toString().includes(folder);
}
