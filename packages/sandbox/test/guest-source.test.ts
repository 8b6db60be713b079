import { expect, test } from "vitest";

import { guestSource } from "../src/guest/guest-source.ts";

test("no two functions of the guest have one name", () => {
  const names = [...guestSource().matchAll(/^(?:async )?function (\w+)/gm)].map(([, name]) => name);

  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.length).toBeGreaterThan(100);
});
