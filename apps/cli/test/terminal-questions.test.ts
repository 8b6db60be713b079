import { PassThrough } from "node:stream";

import { expect, test, vi } from "vitest";

import { readFormFields } from "../src/form-fields.ts";
import { terminalQuestions } from "../src/terminal-questions.ts";

const question = {
  server: "git\u001B[2Jhub",
  mode: "form",
  message: "Who are you?",
  schema: {
    type: "object",
    properties: { name: { type: "string", minLength: 2 }, age: { type: "integer" } },
    required: ["name"],
  },
} as const;

function terminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  let text = "";
  output.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const shown = (part: string) => vi.waitFor(() => expect(text).toContain(part), 30_000);
  return { input, output, shown, all: () => text };
}

const signal = new AbortController().signal;

test("a form is asked field by field, and its answer has the types of the form", async () => {
  const { input, output, shown, all } = terminal();
  const answer = terminalQuestions({ input, output }).onElicit?.(question, { signal });

  await shown("Who are you?");
  input.write("\r");
  await shown("name");
  input.write("A\r");
  await shown("At least 2 characters");
  input.write("da\r");
  await shown("age");
  input.write("36\r");

  expect(await answer).toEqual({ action: "accept", content: { name: "Ada", age: 36 } });
  expect(all()).not.toContain("git\u001B[2J");
});

test("a question can be declined, and asked again for the next one", async () => {
  const { input, output, shown } = terminal();
  const { onElicit } = terminalQuestions({ input, output });
  const url = { server: "s", mode: "url", message: "Log in", url: "https://example.org" } as const;
  const first = onElicit?.(url, { signal });
  const second = onElicit?.({ ...url, message: "And again" }, { signal });

  await shown("https://example.org");
  input.write("n");
  expect(await first).toEqual({ action: "decline" });
  await shown("And again");
  input.write("y");
  expect(await second).toEqual({ action: "accept" });
});

test("without a terminal the question is refused with the reason", async () => {
  const io = { input: new PassThrough(), output: new PassThrough() };
  await expect(terminalQuestions(io).onElicit?.(question, { signal })).rejects.toMatchObject({
    code: "INPUT_UNAVAILABLE",
    message: expect.stringContaining("no terminal"),
  });
});

test("every kind of field that the protocol knows is read", () => {
  const fields = readFormFields({
    type: "object",
    properties: {
      mail: { type: "string", format: "email", title: "E-mail", description: "Of yours" },
      yes: { type: "boolean", default: true },
      size: { type: "string", enum: ["s", "m"], enumNames: ["Small", "Medium"] },
      colour: { type: "string", oneOf: [{ const: "r", title: "Red" }] },
      many: { type: "array", items: { anyOf: [{ const: "a", title: "A" }] } },
      part: { type: "number", minimum: 0, maximum: 1 },
    },
    required: ["mail"],
  });

  expect(fields.map(({ kind, label }) => [kind, label])).toEqual([
    ["text", "E-mail (Of yours)"],
    ["boolean", "yes, optional"],
    ["choice", "size, optional"],
    ["choice", "colour, optional"],
    ["choices", "many, optional"],
    ["number", "part, optional"],
  ]);
  expect(fields[2]?.choices).toEqual([
    { value: "s", label: "Small" },
    { value: "m", label: "Medium" },
  ]);
  expect(fields[5]?.problem("2")).toBe("At most 1");
  expect(fields[5]?.problem("x")).toBe("Type a number.");
  expect(fields[0]?.problem("")).toBe("Type something.");
  expect(fields[5]?.parse("")).toBeUndefined();
});
