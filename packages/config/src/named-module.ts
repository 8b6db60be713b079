import { pathToFileURL } from "node:url";

import type { CodemodeErrorCode } from "@codemode/core";
import { CodemodeError, isCodemodeError } from "@codemode/core";

import { findModule } from "./module-path.ts";

/** A module of others that a key of the config names. */
export interface NamedModule {
  readonly key: string;
  /** The path of the module, or its package. */
  readonly name: string;
  /** Of all that goes wrong with it. */
  readonly code: CodemodeErrorCode;
  /** What to do then. */
  readonly remedy: string;
}

/** Does something with the module; what goes wrong becomes an error that names key and module. */
export type Attempt = <T>(what: string, action: () => T | Promise<T>) => Promise<T>;

// Servers that a module asks while it is loaded have answered by then, or never will.
const PATIENCE_MS = 60_000;

/** `folders` are cut from what is told: where things lie on the host is nobody's business. */
export function createAttempt(named: NamedModule, folders: readonly string[]): Attempt {
  return async (what, action) => {
    try {
      return await action();
    } catch (error) {
      if (isCodemodeError(error)) throw error;
      throw unusable(named, `${what}: ${reasonOf(error, folders)}. ${named.remedy}`, error);
    }
  };
}

/** While it waits the process lives on: nothing else may keep it, and it would end without a word. */
export async function withPatience<T>(action: () => T | Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`nothing came of it within ${PATIENCE_MS / 1_000} seconds`));
  }, PATIENCE_MS);
  try {
    return await Promise.race([action(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** The first line of an error, without these folders. */
export function reasonOf(error: unknown, folders: readonly string[]): string {
  const places = folders.flatMap((folder) =>
    folder.length > 1 ? [pathToFileURL(folder).href, folder] : [],
  );
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  const told = line.replace(/ imported from .*/, "").slice(0, 300);
  return places.reduce((text, place) => text.replaceAll(place, "."), told).replace(/\.$/, "");
}

/** What is there under the name, imported; `undefined` where nothing is. */
export async function importModule(
  name: string,
  folder: string,
  attempt: Attempt,
): Promise<object | undefined> {
  const url = findModule(name, folder);
  if (url === undefined) return undefined;
  return attempt("cannot be loaded", (): Promise<object> => withPatience(() => import(url)));
}

/** For errors: the names of what a module exports. */
export function exportsOf(module: object): string {
  const names = Object.keys(module).toSorted();
  return names.length === 0 ? "nothing" : names.join(", ");
}

/** `what` says what is wrong with the module, and what to do. */
export function unusable(
  { key, name, code }: NamedModule,
  what: string,
  cause?: unknown,
): CodemodeError {
  return new CodemodeError(code, `The ${key} ${JSON.stringify(name)} ${what}`, { cause });
}
