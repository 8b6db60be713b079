import { createRequire, syncBuiltinESMExports } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Takes away what Node's permission model leaves open: signals and priorities reach other processes,
 * the host's among them, and SQLite opens files wherever they are.
 */
export function closeGaps(): void {
  process.kill = refuse("process.kill() is not there: programs may signal no process.");
  // The same without a check; the second makes another process listen for a debugger.
  for (const name of ["_kill", "_debugProcess", "_debugEnd"]) Reflect.deleteProperty(process, name);
  const text = "os.setPriority() is not there: programs may change no process.";
  Reflect.set(loadModule("node:os"), "setPriority", refuse(text));
  const sqlite = loadModule("node:sqlite");
  for (const name of ["DatabaseSync", "backup"]) {
    const instead = `node:sqlite is not there (${name}): it would not keep to the workspace. Keep data in files of the workspace, or in artifacts.`;
    Reflect.set(sqlite, name, refuse(instead));
  }
  for (const name of ["StatementSync", "Session"]) Reflect.deleteProperty(sqlite, name);
  // `import` sees the same as `require`.
  syncBuiltinESMExports();
}

/** A module of Node, to be changed. */
export function loadModule(name: string): object {
  const loaded: unknown = require(name);
  return typeof loaded === "object" || typeof loaded === "function" ? (loaded ?? {}) : {};
}

/** Callable and constructible. */
export function refuse(message: string): () => never {
  return function refused() {
    throw new Error(message);
  };
}
