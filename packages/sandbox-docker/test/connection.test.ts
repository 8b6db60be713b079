import { Agent } from "node:http";

import { expect, test } from "vitest";

import { parseDockerHost } from "../src/connection.ts";

test.each([
  ["unix:///run/docker.sock", { socketPath: "/run/docker.sock" }],
  ["tcp://build-host", { protocol: "http", host: "build-host", port: 2375 }],
  ["tcp://10.0.0.1:4000", { protocol: "http", host: "10.0.0.1", port: "4000" }],
  ["https://build-host", { protocol: "https", host: "build-host", port: 2376 }],
  ["ssh://me@build-host:2222", { protocol: "http", agent: expect.any(Agent) }],
])("%s is understood", (host, expected) => {
  expect(parseDockerHost(host)).toMatchObject(expected);
});

test.each(["build-host", "ftp://x", "tcp://", "ssh://a b"])(
  "%s is refused with an example",
  (host) => {
    expect(() => parseDockerHost(host)).toThrow(
      expect.objectContaining({
        code: "SANDBOX_UNAVAILABLE",
        message: expect.stringContaining("unix:///var/run/docker.sock"),
      }),
    );
  },
);

test("without one the environment's is used", () => {
  expect(parseDockerHost(undefined)).toBeUndefined();
});
