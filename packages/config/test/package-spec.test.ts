import { expect, test } from "vitest";

import { parsePackageSpec } from "../src/deps/package-spec.ts";

test.each([
  ["left-pad", "left-pad"],
  ["left-pad@1.3.0", "left-pad"],
  ["left-pad@^1.3.0", "left-pad"],
  ["left-pad@>=1 <2 || 3.x", "left-pad"],
  ["left-pad@latest", "left-pad"],
  ["@scope/name", "@scope/name"],
  ["@scope/na.me_x@~2.0.0-beta.1+build", "@scope/na.me_x"],
])("%s is a package", (spec, name) => {
  expect(parsePackageSpec(spec)).toEqual({ type: "package", name, text: spec });
});

test("an archive in the workspace is a file", () => {
  expect(parsePackageSpec("file:./packs/a-1.0.0.tgz")).toEqual({
    type: "file",
    path: "./packs/a-1.0.0.tgz",
  });
});

test.each([
  "",
  " ",
  "-g",
  "--registry=evil",
  "left-pad --global",
  "Left-Pad",
  ".hidden",
  "_private",
  "a/b",
  "../x",
  "@scope",
  "@scope/",
  "@../x",
  "@scope/../x",
  "a@",
  "a@-x",
  "a@npm:b",
  "a@https://x.test/a.tgz",
  "a@file:../x",
  "a@git+ssh://x",
  "a@workspace:*",
  "user/repo",
  "https://x.test/a.tgz",
  "git+https://x.test/a",
  "a;rm -rf",
  "$(id)",
  "a\nb",
  "node_modules",
  "favicon.ico",
  "fs",
  "node:fs",
  "x".repeat(215),
  "file:../a.tgz",
  "file:./../a.tgz",
  "file:./x/../../a.tgz",
  "file:/etc/a.tgz",
  "file:./a",
  "file:a.tgz",
  "\u{1f600}",
  "ａ",
])("%j is refused", (spec) => {
  expect(() => parsePackageSpec(spec)).toThrow(/cannot be installed/);
});
