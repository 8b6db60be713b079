import { expect, test } from "vitest";

import { listAllTools } from "../src/list-tools.ts";

test("a tool that is none is left out with a reason on one line, in plain words", async () => {
  const tools = [{ name: "" }, { name: 5 }, null, { name: "fine" }];

  const listing = await listAllTools("odd", () => Promise.resolve({ tools }));

  expect(listing.tools.map(({ name }) => name)).toEqual(["fine"]);
  const dropped = listing.diagnostics.filter(({ code }) => code === "TOOL_DROPPED");
  expect(dropped.map(({ message }) => message)).toEqual([
    'Server "odd" lists a tool "" that is left out: its name must have at least 1 character.',
    'Server "odd" lists a tool without a usable name that is left out: its name must be a string, not a number.',
    'Server "odd" lists a tool without a usable name that is left out: it must be an object, not null.',
  ]);
});
