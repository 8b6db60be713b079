import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { openManual, textManual } from "./support.ts";

function cliManual(commands: readonly object[], more: object = {}) {
  const template = { call_template_type: "cli", commands, ...more };
  return textManual([{ name: "run", inputs: {}, tool_call_template: template }], ["cli"]);
}

/** What a shell would do something about, in every way it could be quoted. */
const HOSTILE = [
  "a b  c",
  "$(touch pwned)",
  "`touch pwned`",
  "'; touch pwned; '",
  '"; touch pwned; "',
  "x\ny",
  "*",
  "${HOME}",
  "\\",
  "",
];

describe("a single command without shell syntax", () => {
  test.each(HOSTILE.filter((value) => !value.includes("\n")))(
    "gets %j as one argument",
    async (value) => {
      const command = `printf "<%s>" UTCP_ARG_text_UTCP_END x-UTCP_ARG_text_UTCP_END`;
      await using manual = await openManual(cliManual([{ command }]));

      const printed = await manual.call("local.run", { text: value });

      expect(printed).toBe(`<${value}><x-${value}>`);
    },
  );

  test("prints JSON, which is a value, or a text, which is trimmed", async () => {
    await using manual = await openManual(cliManual([{ command: "echo UTCP_ARG_text_UTCP_END" }]));

    const values = [
      await manual.call("local.run", { text: '{"a":[1]}' }),
      await manual.call("local.run", { text: "42" }),
    ];

    expect(values).toEqual([{ a: [1] }, "42"]);
  });

  test("says which argument is missing, and which could be taken for an option", async () => {
    await using manual = await openManual(cliManual([{ command: "echo UTCP_ARG_text_UTCP_END" }]));

    await expect(manual.call("local.run")).rejects.toMatchObject({
      code: "INVALID_ARGUMENTS",
      message: expect.stringContaining('"text" is required'),
    });
    await expect(manual.call("local.run", { text: "-n" })).rejects.toMatchObject({
      code: "INVALID_ARGUMENTS",
      message: expect.stringContaining('begins with "-"'),
    });
  });

  test("that is not there or fails names the tool as programs know it", async () => {
    await using missing = await openManual(cliManual([{ command: "no-such-program-here" }]));
    await using failing = await openManual(cliManual([{ command: "false" }]));

    await expect(missing.call("local.run")).rejects.toThrow("no-such-program-here");
    await expect(failing.call("local.run")).rejects.toMatchObject({
      code: "TOOL_FAILED",
      message: expect.stringContaining('"local.run"'),
    });
  });
});

describe("a script", () => {
  test.each(HOSTILE)("gets %j as data, wherever it stands", async (value) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "utcp-")));
    const argument = "UTCP_ARG_text_UTCP_END";
    const commands = [
      {
        command: `printf '%s|' ${argument} "${argument}" '${argument}' "$(printf %s ${argument})"`,
        append_to_final_output: true,
      },
      { command: "ls", append_to_final_output: true },
    ];
    await using manual = await openManual(cliManual(commands, { working_dir: folder }));

    const printed = await manual.call("local.run", { text: value });

    // A trailing line end is lost in `$(...)`, as in every shell; there is none here.
    expect(printed).toBe(`${value}|${value}|${value}|${value}|`.trim());
  });

  test("keeps folders and variables from one command to the next, and hands outputs on", async () => {
    const commands = [
      { command: "cd UTCP_ARG_folder_UTCP_END; NAME=kept" },
      { command: "pwd" },
      { command: 'echo "$NAME in $CMD_1_OUTPUT"' },
    ];
    await using manual = await openManual(cliManual(commands));

    const printed = await manual.call("local.run", { folder: "/" });

    expect(printed).toBe("kept in /");
  });

  test("ends with its last command", async () => {
    await using manual = await openManual(cliManual([{ command: "true; false" }]));

    await expect(manual.call("local.run")).rejects.toMatchObject({ code: "TOOL_FAILED" });
  });

  test("is refused where a value could run as code", async () => {
    const command = 'echo "$((UTCP_ARG_n_UTCP_END + 1))"';
    await using manual = await openManual(cliManual([{ command }]));

    await expect(manual.call("local.run", { n: "a[$(touch pwned)]" })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining('with "(("'),
    });
  });

  test("sees the manual's variables as its own, and no other of ours; no answer shows them", async () => {
    const commands = [{ command: 'echo "$TOKEN,$OTHER,$SET"' }];
    const options = { env: { local_TOKEN: "token-1", OTHER: "ours" } };
    await using manual = await openManual(cliManual(commands, { env_vars: { SET: "x" } }), options);

    const printed = await manual.call("local.run");

    expect(printed).toBe("[secret],,x");
  });
});

test("the commands of a manual print its tools", async () => {
  const tool = {
    name: "hi",
    tool_call_template: { call_template_type: "cli", commands: [{ command: "echo hi" }] },
  };
  const command = `echo '${JSON.stringify({ utcp_version: "1.0.1", tools: [tool] })}'`;
  await using manual = await openManual({
    name: "asked",
    call_template_type: "cli",
    commands: [{ command }],
  });

  const value = await manual.call("asked.hi");

  expect(manual.names).toEqual(["asked.hi"]);
  expect(value).toBe("hi");
});
