import type { GuestRealm } from "./guest-realm.ts";

declare function showValues(values: readonly unknown[]): string;
declare function defineGlobal(realm: GuestRealm, name: string, value: unknown): void;

interface TailLine {
  readonly text: string;
  readonly length: number;
}

/** Log lines on their way: the first half of the room streams, the last lines wait for the end. */
function installLogs(realm: GuestRealm): void {
  let ready = "";
  let readyCount = 0;
  let headLength = 0;
  // By number: those from `first` to before `last` are kept.
  let tail = { __proto__: null } as unknown as Record<number, TailLine>;
  let first = 0;
  let last = 0;
  let tailLength = 0;

  const trimTail = (room: number): void => {
    for (; tailLength > room && first < last; first += 1) {
      tailLength -= tail[first]?.length ?? 0;
      delete tail[first];
    }
  };
  realm.log = (level, given) => {
    const { execution } = realm;
    if (!execution) return;
    const room = execution.maxLogLength / 2;
    const cut = "... (line cut)";
    const kept = room - cut.length;
    const text = given.length > room ? realm.slice(given, 0, kept < 0 ? 0 : kept) + cut : given;
    const entry = `["${level}",${realm.quote(text)},${realm.now() - execution.startedAt}]`;
    if (last === 0 && headLength + text.length <= room) {
      headLength += text.length + 1;
      ready += `${ready === "" ? "" : ","}${entry}`;
      readyCount += 1;
      // A loop that logs and never yields is still seen live.
      if (readyCount >= 64) realm.flushLogs();
      return;
    }
    tail[last] = { text: entry, length: text.length + 1 };
    last += 1;
    tailLength += text.length + 1;
    trimTail(room);
  };
  realm.flushLogs = () => {
    if (ready === "" || !realm.execution) return;
    realm.write(`L{"id":${realm.quote(realm.execution.id)},"lines":[${ready}]}`);
    ready = "";
    readyCount = 0;
  };
  realm.takeLogTail = () => {
    let text = "";
    for (let index = first; index < last; index += 1) {
      text += `${index === first ? "" : ","}${tail[index]?.text ?? ""}`;
    }
    return { tail: text, dropped: first };
  };
  realm.resetLogs = () => {
    ready = "";
    readyCount = 0;
    headLength = 0;
    tail = { __proto__: null } as unknown as Record<number, TailLine>;
    first = 0;
    last = 0;
    tailLength = 0;
  };
}

/** `console`, whose lines go to the host. */
function installConsole(realm: GuestRealm): void {
  let indent = "";
  const counts: Record<string, number> = {};
  const times: Record<string, number> = {};
  const line =
    (level: string) =>
    (...values: unknown[]): void => {
      const text = showValues(values);
      realm.log(level, indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`));
      soon();
    };
  let waiting = false;
  const soon = async (): Promise<void> => {
    if (waiting) return;
    waiting = true;
    await null;
    waiting = false;
    realm.flushLogs();
  };
  const log = line("log");
  const error = line("error");
  const elapsed = (label: string): string =>
    `${label}: ${realm.now() - (times[label] ?? realm.now())}ms`;
  const group = (...values: unknown[]): void => {
    if (values.length > 0) log(...values);
    indent += "  ";
  };
  defineGlobal(realm, "console", {
    log,
    info: line("info"),
    debug: line("debug"),
    warn: line("warn"),
    error,
    trace: log,
    dir: (value: unknown) => log(value),
    table: (rows: unknown) => log(rows),
    assert: (condition: unknown, ...values: unknown[]) => {
      if (!condition) error("Assertion failed:", ...values);
    },
    count: (label = "default") => {
      counts[label] = (counts[label] ?? 0) + 1;
      log(`${label}: ${counts[label]}`);
    },
    countReset: (label = "default") => void delete counts[label],
    time: (label = "default") => void (times[label] = realm.now()),
    timeLog: (label = "default", ...values: unknown[]) => log(elapsed(label), ...values),
    timeEnd: (label = "default") => {
      log(elapsed(label));
      delete times[label];
    },
    group,
    groupCollapsed: group,
    groupEnd: () => void (indent = indent.slice(2)),
  });
}

export const consoleFunctions = [installLogs, installConsole];
