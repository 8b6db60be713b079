import { execFileSync } from "node:child_process";

import { expect, test } from "vitest";

import { createTar } from "../src/tar.ts";

const files = [
  { path: "a/empty.txt", content: "" },
  { path: "a/block.txt", content: "x".repeat(512) },
  { path: "b.txt", content: "Grüße\n" },
];

test("tar reads the archive", () => {
  const tar = createTar(files);

  expect(execFileSync("tar", ["-t"], { input: tar }).toString()).toBe(
    "a/empty.txt\na/block.txt\nb.txt\n",
  );
  expect(execFileSync("tar", ["-xO", "b.txt"], { input: tar }).toString()).toBe("Grüße\n");
});

test("the same files give the same bytes", () => {
  expect(createTar(files).equals(createTar(files))).toBe(true);
});
