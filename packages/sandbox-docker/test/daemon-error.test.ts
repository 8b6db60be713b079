import { CodemodeError } from "@codemode/core";
import { expect, test } from "vitest";

import { toUnavailable } from "../src/daemon-error.ts";
import { DaemonTimeoutError } from "../src/deadline.ts";

const context = { host: "unix:///run/docker.sock", image: "node:24-slim", runtime: "runsc" };
const withCode = (code: string): Error => Object.assign(new Error(code), { code });

test.each([
  [withCode("ENOENT"), "no_daemon", "Install Docker and start it"],
  [withCode("ECONNREFUSED"), "no_daemon", "DOCKER_HOST"],
  [withCode("EACCES"), "no_permission", 'group "docker"'],
  [new DaemonTimeoutError("pinging: no answer within 5 ms"), "no_answer", "docker info"],
  [new Error("(HTTP code 404) no such container - No such image: x"), "no_image", "built"],
  [
    new Error("(HTTP code 400) bad parameter - unknown runtime specified runsc"),
    "no_runtime",
    "daemon.json",
  ],
  [new Error("(HTTP code 500) server error - anything\nelse"), "refused", "settings"],
])("%s says %s and the next step", (error, kind, remedy) => {
  const told = toUnavailable(error, context);

  expect(told).toMatchObject({
    code: "SANDBOX_UNAVAILABLE",
    details: { kind, remedy: expect.stringContaining(remedy) },
    message: expect.stringContaining(remedy),
  });
  expect(told.message).not.toContain("\n");
});

test("an error of ours stays as it is", () => {
  const error = new CodemodeError("SANDBOX_UNAVAILABLE", "known");

  expect(toUnavailable(error, context)).toBe(error);
});
