import { spawnSync } from "node:child_process";

import { expect, test } from "vitest";

import { containerLabels, isDead, OWNER_LABEL, parseOwner } from "../src/labels.ts";

const self = parseOwner(containerLabels("instance", 0)[OWNER_LABEL]);

test("this process is alive, and known by its label", () => {
  expect(self).toMatchObject({ pid: process.pid });
  expect(self && isDead(self)).toBe(false);
});

test("a process that has ended is dead, also where its id is used again", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);

  expect(self && isDead({ ...self, pid })).toBe(true);
  expect(self && isDead({ ...self, started: "1" })).toBe(true);
});

test("a process of another machine is not ours to judge", () => {
  expect(self && isDead({ ...self, machine: "elsewhere", pid: 999_999 })).toBe(false);
});

test.each([undefined, "", "a", "a:b:c", "a:1", "a:1:2:3"])("%s names no owner", (label) => {
  expect(parseOwner(label)).toBeUndefined();
});
