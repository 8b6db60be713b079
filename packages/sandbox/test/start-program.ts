import { createContext, runInContext } from "node:vm";

import { guestSource } from "../src/guest/guest-source.ts";

/** A guest that runs one program; gives what it wrote, and takes answers. */
export function startProgram(body: string): {
  readonly frames: string[];
  readonly receive: (frame: string) => void;
} {
  const context = createContext({});
  const start: unknown = runInContext(guestSource(), context);
  if (typeof start !== "function") throw new TypeError("The guest's source is no function.");
  const frames: string[] = [];
  const write = (frame: string): void => void frames.push(frame);
  const receive: (frame: string) => void = Reflect.apply(start, undefined, [write]);
  const script = `(async () => {${body}})`;
  const frame = { id: "1", number: 1, script, maxValueLength: 10_000, maxLogLength: 10_000 };
  receive('K{"servers":[],"modules":[]}');
  receive(`E${JSON.stringify(frame)}`);
  return { frames, receive };
}
