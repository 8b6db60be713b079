import { expect, test } from "vitest";

import { weaknessesOf } from "../src/check-daemon.ts";
import { parseOomKills } from "../src/container/oom-kills.ts";

const sound = {
  OSType: "linux",
  MemoryLimit: true,
  PidsLimit: true,
  CpuCfsQuota: true,
  SecurityOptions: ["name=seccomp,profile=default"],
};

test("a sound daemon has no weakness, nor has one that tells nothing", () => {
  expect(weaknessesOf(sound)).toEqual([]);
  expect(weaknessesOf({})).toEqual([]);
});

test.each([
  [{ MemoryLimit: false }, "limit memory"],
  [{ PidsLimit: false }, "limit processes"],
  [{ CpuCfsQuota: false }, "limit processors"],
  [{ SecurityOptions: ["name=apparmor"] }, "filter system calls"],
])("%j is told", (change, part) => {
  expect(weaknessesOf({ ...sound, ...change })).toEqual([expect.stringContaining(part)]);
});

test("one with Windows containers is refused", () => {
  expect(() => weaknessesOf({ ...sound, OSType: "windows" })).toThrow("Linux containers");
});

test.each([
  ["low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n", 2],
  ["oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", 1],
  ["oom_kill_disable 0\n", undefined],
])("the system's count of ended processes is read from %j", (text, count) => {
  expect(parseOomKills(text)).toBe(count);
});
