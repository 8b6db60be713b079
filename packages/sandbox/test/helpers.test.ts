import { expect, test } from "vitest";

import { HELPER_DECLARATIONS, HELPER_NAMES } from "../src/index.ts";

test("every helper is declared", () => {
  const declared = HELPER_DECLARATIONS.matchAll(
    /export (?:function|class) (\w+)|export \{ \w+ as (\w+) \}/g,
  );
  const names = new Set([...declared].map(([, own, alias]) => own ?? alias));

  expect([...names].map(String).toSorted()).toEqual([...HELPER_NAMES].map(String).toSorted());
});
