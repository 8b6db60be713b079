import type { ServerStatus } from "@codemode/core";
import { expect, test } from "vitest";

import { serverWarnings } from "../src/server-warnings.ts";

const failed = (name: string): ServerStatus => ({
  name,
  transport: "stdio",
  status: "failed",
  error: { code: "SERVER_UNAVAILABLE", message: `why ${name}` },
  toolCount: 0,
  diagnostics: [],
});
const connected: ServerStatus = {
  name: "good",
  transport: "stdio",
  status: "connected",
  toolCount: 1,
  diagnostics: [],
};

test("one server that failed is told in full, whatever the command is about", () => {
  expect(serverWarnings([connected, failed("web")], "1 + 1")).toEqual(["why web"]);
});

test("of many, those that the program mentions are told in full, and the others by name", () => {
  const servers = ["my-server", "web", "tools/weather.yaml", "files"].map(failed);

  const warnings = serverWarnings(servers, "await my_server.get({}); weather.now()");

  expect(warnings).toEqual([
    "why my-server",
    "why tools/weather.yaml",
    "2 servers cannot be used: web, files. Why: codemode doctor",
  ]);
});

test("a long list of names is cut", () => {
  const [warning] = serverWarnings(["a", "b", "c", "d", "e", "f", "g"].map(failed), "");

  expect(warning).toBe("7 servers cannot be used: a, b, c, d, e and 2 more. Why: codemode doctor");
});

test("without a text all are told in full", () => {
  expect(serverWarnings([failed("a"), failed("b")], undefined)).toEqual(["why a", "why b"]);
});
