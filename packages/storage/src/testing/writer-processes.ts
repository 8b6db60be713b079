import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect } from "vitest";

import { getJson } from "../json-value.ts";
import type { Store } from "../storage.ts";
import { WRITER_VALUE_BYTES } from "./run-writer.ts";

/** A process that runs `runWriter`. */
export interface WriterProcess {
  readonly child: ChildProcess;
  /** What it said was kept, so far. */
  readonly acknowledged: readonly string[];
  /** Settles when it has ended, with what it wrote to stderr. */
  readonly ended: Promise<string>;
}

/** Starts `node <module> ...args`. */
export function startWriter(module: string, args: readonly string[]): WriterProcess {
  const child = spawn(process.execPath, [module, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const acknowledged: string[] = [];
  let rest = "";
  let errors = "";
  child.stdout.on("data", (data: Buffer) => {
    const lines = (rest + data.toString()).split("\n");
    rest = lines.pop() ?? "";
    acknowledged.push(...lines);
  });
  child.stderr.on("data", (data: Buffer) => {
    errors += data.toString();
  });
  const ended = once(child, "close").then(() => errors);
  return { child, acknowledged, ended };
}

/** Kills a process when it has said as many lines. */
export async function killAfter(writer: WriterProcess, lines: number): Promise<void> {
  await expect
    .poll(() => writer.acknowledged.length, { timeout: 30_000, interval: 1 })
    .toBeGreaterThan(lines);
  writer.child.kill("SIGKILL");
  await writer.ended;
}

/** Fails unless every value that is there is whole, and every one of these is there. */
export async function expectKept(store: Store, acknowledged: readonly string[]): Promise<void> {
  const { entries } = await store.list({ prefix: "value/", limit: 10_000 });
  const values = await Promise.all(entries.map(({ key }) => store.get(key)));
  const items = values.map((stored) => Buffer.from(stored?.value ?? []).toString());
  const broken = items.filter((text, index) => {
    const item = entries[index]?.key.slice("value/".length) ?? "";
    return text !== item.padEnd(WRITER_VALUE_BYTES, ".");
  });
  expect(broken).toEqual([]);
  const keys = new Set(entries.map(({ key }) => key));
  expect(acknowledged.filter((item) => !keys.has(`value/${item}`))).toEqual([]);
}

/** Fails unless the list of all appends is what the writers said, each in its order. */
export async function expectAppended(
  store: Store,
  writers: readonly WriterProcess[],
): Promise<void> {
  const list = (await getJson(store, "list"))?.value;
  const items: readonly string[] = Array.isArray(list) ? list.map(String) : [];
  const own = writers.map(({ acknowledged }) => {
    const said = new Set(acknowledged);
    return items.filter((item) => said.has(item));
  });
  expect(own).toEqual(writers.map(({ acknowledged }) => acknowledged));
  expect(items).toHaveLength(writers.flatMap(({ acknowledged }) => acknowledged).length);
}
