import { createToolRegistry } from "@codemode/core";
import { expect, test } from "vitest";

import { checkExecuteOptions, checkSessionOptions } from "../src/check-options.ts";
import { createSession } from "../src/index.ts";
import { createFakeSandbox } from "./fake-sandbox.ts";

function parts() {
  return { registry: createToolRegistry(), sandbox: createFakeSandbox(async () => 1) };
}

test.each([
  [{ maxToolCalls: "5" }, '"maxToolCalls" has to be a whole number from 0 on, not "5"'],
  [{ maxToolCalls: -1 }, '"maxToolCalls" has to be a whole number from 0 on, not -1'],
  [{ memoryMb: Number.NaN }, '"memoryMb" has to be a finite number above 0, not NaN'],
  [{ limits: { timeoutMs: "30s" } }, '"limits.timeoutMs" has to be a finite number above 0'],
  [{ limits: { timeout: 5 } }, 'unknown option "limits.timeout": did you mean "timeoutMs"?'],
  [{ maxToolCall: 5 }, 'unknown option "maxToolCall": did you mean "maxToolCalls"?'],
  [{ limits: 5 }, '"limits" has to be an object, not 5'],
  [{ artifacts: { open() {} } }, '"artifacts" has to be what createArtifactStore({ storage })'],
  [{ skills: true }, '"skills" has to be what createSkillStore({ storage }) gives, not true'],
  [{ sandbox: undefined }, '"sandbox" has to be what a sandbox\'s factory'],
  [{ registry: undefined }, '"registry" has to be what createToolRegistry() gives, not nothing'],
])("the session options %j are refused with what they have to be", (wrong, message) => {
  const check = (): void => checkSessionOptions({ ...parts(), ...wrong });

  expect(check).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining(message) }),
  );
});

test("all that is wrong is told at once", () => {
  const options = { maxToolCalls: -1 };

  expect(() => checkSessionOptions(options)).toThrow(
    /"registry" has to be .*; "sandbox" has to be .*; "maxToolCalls" has/,
  );
});

test.each([
  ["1", { timeoutMs: -1 }, '"timeoutMs" has to be a finite number above 0, not -1'],
  ["1", { timeoutMs: Infinity }, '"timeoutMs" has to be a finite number above 0, not Infinity'],
  ["1", { sessionId: "a" }, 'unknown option "sessionId": did you mean "session"?'],
  [{ code: "1" }, {}, "the program has to be a text, not an object"],
  [undefined, {}, "the program has to be a text, not nothing"],
])("execute(%j, %j) is refused", (code, options, message) => {
  const check = (): void => checkExecuteOptions(code, options);

  expect(check).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining(message) }),
  );
});

test("a session rejects an execution whose time is no time", async () => {
  const { registry, sandbox } = parts();
  await using session = createSession({ registry, sandbox, maxToolCalls: 0 });

  const execution = session.execute("1", { timeoutMs: Number.NaN });

  await expect(execution).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});
