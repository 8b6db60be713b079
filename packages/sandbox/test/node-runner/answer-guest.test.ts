import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { answerGuest } from "../../src/node-runner/answer-guest.ts";

test("random bytes are as many as were asked for, and never the same", () => {
  const draws = Array.from({ length: 100 }, () => answerGuest("?R16"));

  expect(new Set(draws).size).toBe(100);
  expect(draws.every((draw) => draw?.length === 16)).toBe(true);
  expect(answerGuest("?R999999999")).toHaveLength(65_536);
});

test("a digest is made of all parts since its begin", () => {
  answerGuest("?HSHA-256");
  answerGuest("?Ba");
  answerGuest("?HSHA-256");
  answerGuest("?B\u00ff");
  answerGuest("?Bb");

  expect(answerGuest("?E")).toBe(
    createHash("sha256")
      .update(Buffer.from([255, 98]))
      .digest()
      .toString("latin1"),
  );
  expect(answerGuest("?E")).toBeUndefined();
});

test("a URL is its parts, read and changed", () => {
  expect(JSON.parse(answerGuest('?U["../x?y","https://a.example/b/c"]') ?? "")).toMatchObject({
    href: "https://a.example/x?y",
    origin: "https://a.example",
  });
  expect(JSON.parse(answerGuest('?U["https://a.example","","port","81"]') ?? "")).toMatchObject({
    host: "a.example:81",
  });
  expect(answerGuest('?U["x"]')).toBeUndefined();
  expect(answerGuest('?U["x",""]')).toBeUndefined();
});

test("no question is an exception, and an unknown one has no answer", () => {
  const hostile = [
    "?",
    "?R-1",
    "?RNaN",
    "?Hno-such",
    "?B",
    "?U",
    "?U{}",
    "?U[1]",
    "?U[null,{}]",
    '?U["a:b","","constructor","x"]',
    "?X",
    "?B\ud800",
    '?U["\\ud800","\\ud800"]',
    "?U[".repeat(10_000),
    `?U["https://${"\u00e4".repeat(100_000)}"]`,
  ];

  for (const question of hostile) expect(() => answerGuest(question)).not.toThrow();
  expect(answerGuest("?X")).toBeUndefined();
  expect(answerGuest("?R-1")).toBeUndefined();
});
