import type { FSWatcher } from "node:fs";
import { watch } from "node:fs";
import { stat } from "node:fs/promises";

// The system tells of changes at once, but not on every file system, and not of a folder that comes and
// goes: so the folder itself is looked at as well.
const LOOK_MS = 500;

/** Calls `onChange` after anything in a folder changed, and when the folder comes or goes. Keeps no process alive. */
export async function watchFolder(folder: string, onChange: () => void): Promise<Disposable> {
  let watcher: FSWatcher | undefined;
  let known: FolderState = { identity: "", changed: 0 };
  let isClosed = false;
  const unwatch = (): void => {
    watcher?.close();
    watcher = undefined;
  };
  const look = async (): Promise<void> => {
    const found = await stateOf(folder);
    if (isClosed) return;
    const before = known;
    known = found;
    if (found.identity !== before.identity) unwatch();
    if (found.identity !== "") watcher ??= startWatching(folder, { onChange, onError: unwatch });
    if (found.identity !== before.identity || found.changed !== before.changed) onChange();
  };
  await look();
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  return {
    [Symbol.dispose]() {
      isClosed = true;
      clearInterval(timer);
      unwatch();
    },
  };
}

/** Which folder it is (empty where there is none), and when an entry last came or went. */
interface FolderState {
  readonly identity: string;
  readonly changed: number;
}

async function stateOf(folder: string): Promise<FolderState> {
  try {
    const { dev, ino, mtimeMs } = await stat(folder);
    return { identity: `${dev}:${ino}`, changed: mtimeMs };
  } catch {
    // Not there, or not to be seen: the same for who wants its files.
    return { identity: "", changed: 0 };
  }
}

function startWatching(
  folder: string,
  { onChange, onError }: { readonly onChange: () => void; readonly onError: () => void },
): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on("error", onError);
    return watcher;
  } catch {
    // Gone again, or the system has no watches left: the look at the folder stays.
    return undefined;
  }
}
