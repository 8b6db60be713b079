import type { ExecuteFrame } from "../protocol.ts";
import type { GuestRealm } from "./guest-realm.ts";

/** What is known of a program that reads stacks. */
type Places = NonNullable<ExecuteFrame["places"]>;

/** Stacks as programs read them: places are those of their source, frames are their own. */
function installStacks(realm: GuestRealm): void {
  const describe = Function.prototype.call.bind(Error.prototype.toString) as (e: unknown) => string;
  const exec = Function.prototype.call.bind(RegExp.prototype.exec) as unknown as (
    pattern: RegExp,
    text: string,
  ) => RegExpExecArray | null;
  const known: Record<number, Places> = { __proto__: null } as never;
  let current = 0;

  const showFrame = (text: string): string => {
    const found = exec(/^(.*?)\(?codemode:(\d+):(\d+):(\d+)\)?$/, text);
    if (!found) return exec(/\bcodemode-module:/, text) ? text : "";
    const program = Number(found[2]);
    const place = findPlace(known[program], Number(found[3]), Number(found[4]));
    // Outside of the source is what we put around it.
    if (place === undefined) return known[program] ? "" : text;
    const where = `${program === current ? "" : "earlier-"}program:${place}`;
    const name = found[1] ?? "";
    return name === "" || name === "eval " ? where : `${name}(${where})`;
  };
  const prepare = (error: unknown, frames: readonly unknown[]): string => {
    let text = "";
    try {
      text = describe(error);
      // Built-ins count where a program's frame is under them.
      let builtIns = "";
      for (let index = 0; index < frames.length; index += 1) {
        const shown = String(frames[index]);
        const frame = showFrame(shown);
        if (frame !== "") {
          text += `${builtIns}\n    at ${frame}`;
          builtIns = "";
        } else if (exec(/ \((<anonymous>|index \d+)\)$/, shown)) builtIns += `\n    at ${shown}`;
      }
    } catch {
      // What cannot be shown is left out.
    }
    return text;
  };
  installPrepare(realm, prepare, (frame) => exec(/\bcodemode(-module)?:/, String(frame)) !== null);
  realm.usePlaces = ({ number, places }) => {
    current = number;
    if (places) known[number] = places;
  };
}

type Prepare = (error: unknown, frames: readonly unknown[]) => unknown;

/**
 * Whoever takes our preparation away gets it back, and one of a program's own sees no frame of ours:
 * under its outermost one there is nothing else. Where there are modules of others, their runner
 * looks after both, since stacks pass through them too.
 */
function installPrepare(
  realm: GuestRealm,
  prepare: Prepare,
  isProgram: (frame: unknown) => boolean,
): void {
  let current = prepare;
  const hideOurs =
    (own: Prepare): Prepare =>
    (error, frames) => {
      const shown: unknown[] = [];
      let count = frames.length;
      while (count > 0 && !isProgram(frames[count - 1])) count -= 1;
      for (let index = 0; index < count; index += 1)
        realm.define(shown, String(index), frames[index]);
      return own(error, shown);
    };
  Object.defineProperty(Error, "prepareStackTrace", {
    configurable: realm.importModule !== undefined,
    get: () => current,
    set(given: unknown) {
      if (typeof given !== "function" || given === prepare) current = prepare;
      else if (given !== current) current = hideOurs(given as Prepare);
    },
  });
}

/** `line:column` in the source; `places` are four numbers each, in order of the script. */
function findPlace(places: Places | undefined, line: number, column: number): string | undefined {
  if (!places) return undefined;
  let found: string | undefined;
  for (let index = 0; index < places.length; index += 4) {
    const at = places[index] ?? 0;
    if (at > line) break;
    if (at < line) continue;
    if ((places[index + 1] ?? 0) > column && found !== undefined) break;
    found = `${places[index + 2]}:${places[index + 3]}`;
  }
  return found;
}

export const stackFunctions = [installStacks, installPrepare, findPlace];
