import type { SandboxEvent } from "@codemode/sandbox";
import type { AuditRecord } from "@codemode/session";
import { expect, test } from "vitest";

import { errorOf, valueOf } from "./results.ts";
import { describeInSandboxes, newStore } from "./skill-sessions.ts";
import { skill } from "./skill-sources.ts";

describeInSandboxes("skills in guests of their own in %s", ({ open }) => {
  test("code that reaches for the program's own tools finds those of its skill", async () => {
    const skills = newStore();
    const ways = {
      global: "return globalThis.fs.write({ a: 1 });",
      text: 'return new Function("return fs.write({ a: 1 })")();',
      evaluated: "return (0, eval)(\"tools.call('fs.write', { a: 1 })\");",
      constructed: 'return (async () => {}).constructor("return await fs.write({ a: 1 })")();',
      module: "return (await (0, eval)(\"import('generated/servers/fs')\")).write({});",
      later: "globalThis.leak = () => fs.write({ a: 1 }); return globalThis.leak();",
    };
    for (const [name, body] of Object.entries(ways)) {
      // oxlint-disable-next-line no-await-in-loop -- a store is written one by one
      await skills.save({ name: `by-${name}`, source: skill(body, " * @allowed-tools fs.read") });
    }
    await using session = open(skills);

    const results = await Promise.all(
      Object.keys(ways).map((name) => session.execute(`await skills["by-${name}"]()`)),
    );

    expect(results.flatMap(({ calls }) => calls.filter(({ ok }) => ok))).toEqual([]);
    for (const result of results) {
      expect(result.ok).toBe(false);
      for (const { errorCode } of result.calls) expect(errorCode).toBe("TOOL_DENIED");
    }
    const denied = results.filter((result) => errorOf(result).code === "TOOL_DENIED");
    expect(denied.length).toBeGreaterThanOrEqual(4);
  });

  test("variables of the program are out of reach, and those of the skill do not come out", async () => {
    const skills = newStore();
    const body = "const seen = typeof globalThis.secret; globalThis.secret = 2; return seen;";
    await skills.save({ name: "peek", source: skill(body, " * @context fork") });
    await using session = open(skills);

    const result = await session.execute(
      "var secret = 1; [await skills.peek(), globalThis.secret, await skills.peek()]",
    );

    expect(valueOf(result)).toEqual(["undefined", 1, "number"]);
  });

  test("values, functions, errors and logs cross as those of any skill", async () => {
    const skills = newStore();
    await skills.save({
      name: "kit",
      source: `/**\n * A kit.\n * @allowed-tools fs.read\n */\nexport const LIMITS = { max: 3 };
export function double(n: number): number { console.log("doubling", n); return n * 2; }
export async function kit(input: { n: number }): Promise<unknown> { return fs.read(input); }
export function fail(): never { throw new RangeError("out of " + LIMITS.max); }`,
    });
    await using session = open(skills);

    const result = await session.execute(`import { double, LIMITS } from "skills/kit";
      import { run_skill } from "generated/skills";
      console.log("before");
      const doubled = await double(4);
      console.log("after");
      const run = await run_skill({ skill_name: "kit", args: { n: 5 } });
      [doubled, LIMITS, await skills.kit({ n: 1 }), run.success, run.output]`);
    const failed = await session.execute('import { fail } from "skills/kit";\n1;\nawait fail();');

    expect(valueOf(result)).toEqual([8, { max: 3 }, { n: 1 }, true, { n: 5 }]);
    expect(result.logs.map(({ text }) => text)).toEqual(["before", "doubling 4", "after"]);
    expect(errorOf(failed)).toMatchObject({
      name: "RangeError",
      message: "out of 3",
      line: 3,
      origin: { module: "skills/kit", line: 8 },
    });
  });

  test("what cannot go as data is named", async () => {
    const skills = newStore();
    await skills.save({ name: "echo", source: skill("return input;", " * @context fork") });
    await using session = open(skills);

    const error = errorOf(await session.execute("await skills.echo({ f: () => 1 })"));

    expect(error).toMatchObject({ code: "INVALID_ARGUMENTS", tool: "skills.echo" });
    expect(error.message).toMatch(/"echo" runs in a guest of its own.*data.*function/s);
  });

  test("calls count against the program's budget, and are in its records and events", async () => {
    const skills = newStore();
    await skills.save({
      name: "two",
      source: skill("await fs.read({}); await web.read({});", " * @denied-tools fs.write"),
    });
    const audited: AuditRecord[] = [];
    const events: SandboxEvent[] = [];
    await using session = open(skills, {
      maxToolCalls: 3,
      onAudit: (record) => audited.push(record),
    });

    const result = await session.execute(
      "await fs.read({}); await skills.two(); await skills.two();",
      {
        onEvent: (event) => events.push(event),
      },
    );

    expect(errorOf(result)).toMatchObject({ code: "TOOL_LIMIT" });
    const records = [
      { tool: "fs.read", ok: true },
      { tool: "fs.read", ok: true, skill: "two" },
      { tool: "web.read", ok: true, skill: "two" },
      { tool: "fs.read", ok: false, errorCode: "TOOL_LIMIT", skill: "two" },
    ];
    expect(result.calls).toMatchObject(records);
    const { executionId } = result;
    const told = audited.filter(({ type }) => type === "tool_call");
    expect(told).toMatchObject(records.map((record) => ({ ...record, executionId })));
    expect(new Set(told.map((record) => ("callId" in record ? record.callId : ""))).size).toBe(4);
    const started = events.filter(({ type }) => type === "call_started");
    expect(started).toMatchObject(records.map(({ tool }) => ({ tool, executionId })));
    expect(audited.at(-1)).toMatchObject({ type: "execution", toolCalls: 4 });
  });

  test("context: inline keeps a limited skill in the program's guest, with functions as arguments", async () => {
    const skills = newStore();
    await skills.save({
      name: "mapper",
      source: skill("return [1, 2].map(input.f);", " * @allowed-tools fs.read\n * @context inline"),
    });
    await using session = open(skills);

    expect(valueOf(await session.execute("await skills.mapper({ f: (n) => n + 1 })"))).toEqual([
      2, 3,
    ]);
  });

  test("many calls at once share a few guests, and all are closed with their program", async () => {
    const skills = newStore();
    await skills.save({ name: "half", source: skill("return input.n / 2;", " * @context fork") });
    await using session = open(skills, { maxGuests: 1 });

    const result = await session.execute(
      "await Promise.all(Array.from({ length: 20 }, (_, n) => skills.half({ n })))",
    );
    const again = await Promise.all(
      [1, 2, 3].map((n) => session.execute(`await skills.half({ n: ${n} })`)),
    );

    expect(valueOf(result)).toEqual(Array.from({ length: 20 }, (_unused, n) => n / 2));
    expect(again.map(valueOf)).toEqual([0.5, 1, 1.5]);
  });
});
