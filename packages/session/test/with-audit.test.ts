import type { ToolCaller } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import { expect, test } from "vitest";

import type { AuditRecord } from "../src/audit.ts";
import { withAudit } from "../src/with-audit.ts";
import { callOf, callOptions } from "./calls.ts";

async function recordOf(next: ToolCaller): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  const callTool = withAudit(next, (record) => records.push(record));
  await callTool(callOf("shop.pay", { card: "4111" }), callOptions).catch(() => undefined);
  return records;
}

test("a call that ended leaves one record that names it and holds none of its arguments", async () => {
  const records = await recordOf(() => Promise.resolve({ content: [] }));

  expect(records).toEqual([
    {
      type: "tool_call",
      executionId: "execution-1",
      callId: "call-1",
      tool: "shop.pay",
      at: expect.any(Number),
      durationMs: expect.any(Number),
      ok: true,
    },
  ]);
});

test("a failure is recorded with its code, however the tool tells of it", async () => {
  const thrown = await recordOf(() =>
    Promise.reject(new CodemodeError("TOOL_TIMEOUT", "Too late.")),
  );
  const answered = await recordOf(() => Promise.resolve({ content: [], isError: true }));
  const foreign = await recordOf(() => Promise.reject(new TypeError("x")));

  expect(thrown).toMatchObject([{ ok: false, errorCode: "TOOL_TIMEOUT" }]);
  expect(answered).toMatchObject([{ ok: false, errorCode: "TOOL_FAILED" }]);
  expect(foreign).toMatchObject([{ ok: false, errorCode: "INTERNAL" }]);
});

test("the caller gets the very answer and the very failure", async () => {
  const answer = { content: [] };
  const failure = new CodemodeError("TOOL_FAILED", "No.");
  const good = withAudit(
    () => Promise.resolve(answer),
    () => undefined,
  );
  const bad = withAudit(
    () => Promise.reject(failure),
    () => undefined,
  );

  await expect(good(callOf("a.b"), callOptions)).resolves.toBe(answer);
  await expect(bad(callOf("a.b"), callOptions)).rejects.toBe(failure);
});
