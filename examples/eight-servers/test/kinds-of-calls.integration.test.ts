import type { SandboxEvent } from "@codemode/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Example } from "../src/open-example.ts";
import { openExample } from "../src/open-example.ts";

let example: Example;
beforeAll(async () => {
  example = await openExample(
    {},
    {
      onElicit: async ({ server, message }) => {
        questions.push(`${server}: ${message}`);
        return { action: "decline" };
      },
      onSample: async ({ server }) => ({
        role: "assistant",
        content: { type: "text", text: `sampled for ${server}` },
        model: "none",
      }),
    },
  );
});
afterAll(() => example[Symbol.asyncDispose]());
const questions: string[] = [];

async function value(code: string): Promise<unknown> {
  const result = await example.codemode.session.execute(code);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

test("a declared output is a value, and `raw` is the server's whole answer", async () => {
  const answer = await value(`
    const weather = await everything.get_structured_content({ location: "Chicago" });
    const raw = await everything.get_structured_content.raw({ location: "Chicago" });
    return { weather, same: JSON.stringify(raw.structuredContent) === JSON.stringify(weather), type: raw.content[0].type };
  `);

  expect(answer).toEqual({
    weather: { temperature: 36, conditions: "Light rain / drizzle", humidity: 82 },
    same: true,
    type: "text",
  });
});

test("a text that is JSON is a value, other text stays text, pictures stay blocks", async () => {
  const answer = await value(`
    const bot = await notion.API_get_self({});
    const text = await everything.echo({ message: "42" });
    const blocks = await everything.get_tiny_image({});
    const annotated = await everything.get_annotated_message.raw({ messageType: "error", includeImage: true });
    const [link] = (await everything.get_resource_links.raw({ count: 1 })).content.slice(1);
    return {
      bot: bot.type, text, image: blocks.find(({ type }) => type === "image").mimeType,
      priority: annotated.content[0].annotations.priority, link: link.type,
    };
  `);

  expect(answer).toEqual({
    bot: "bot",
    text: "Echo: 42",
    image: "image/png",
    priority: 1,
    link: "resource_link",
  });
});

test("resources and prompts of every server that has them are read", async () => {
  const answer = await value(`
    const { resources } = await everything.resources.list();
    const { contents } = await everything.resources.read({ uri: resources[0].uri });
    const { messages } = await everything.prompts.get({ name: "args-prompt", arguments: { city: "Bonn" } });
    const { prompts } = await git.prompts.list();
    const { resourceTemplates } = await everything.resources.templates();
    return {
      text: contents[0].text.length > 0, prompt: messages[0].content.text,
      prompts: prompts.map(({ name }) => name), templates: resourceTemplates.length > 0,
    };
  `);

  expect(answer).toEqual({
    text: true,
    prompt: expect.stringContaining("Bonn"),
    prompts: ["git_wrapup"],
    templates: true,
  });
});

test("what a tool reports as an error is thrown with the tool's name, and `raw` gives it", async () => {
  const answer = await value(`
    const failures = await Promise.all([
      filesystem.read_text_file({ path: "/etc/hostname" }),
      git.git_status({ path: "/" }),
      gitlab.get_file_contents({ project_id: "team/app", file_path: "none.md" }),
      everything.resources.read({ uri: "demo://nothing" }),
      memory.create_entities({ entities: "plan" }),
    ].map((call) => call.then(() => "no error", (error) => ({ tool: error.tool, code: error.code, name: error.name }))));
    const raw = await filesystem.read_text_file.raw({ path: "/etc/hostname" });
    const page = await notion.API_retrieve_a_page({ page_id: "none" });
    return { failures, isError: raw.isError, page };
  `);

  expect(answer).toMatchObject({
    failures: [
      { tool: "filesystem.read_text_file", code: "TOOL_FAILED", name: "ToolError" },
      { tool: "git.git_status", code: "TOOL_FAILED" },
      { tool: "gitlab.get_file_contents" },
      { tool: "everything.resources.read" },
      { tool: "memory.create_entities", code: "INVALID_ARGUMENTS" },
    ],
    isError: true,
    // This server gives the service's refusal as an answer.
    page: { status: 404 },
  });
});

test("how far a call is, is told while it runs", async () => {
  const events: SandboxEvent[] = [];

  const result = await example.codemode.session.execute(
    "await everything.trigger_long_running_operation({ duration: 1, steps: 3 })",
    { onEvent: (event) => void events.push(event) },
  );

  expect(result.ok).toBe(true);
  expect(events.findLast(({ type }) => type === "call_progress")).toMatchObject({
    tool: "everything.trigger-long-running-operation",
    total: 3,
  });
});

test("a call under way is cancelled with the execution, and the server answers the next", async () => {
  const abort = new AbortController();
  const result = await example.codemode.session.execute(
    "await everything.trigger_long_running_operation({ duration: 60, steps: 60 })",
    {
      signal: abort.signal,
      onEvent: ({ type }) => {
        if (type === "call_progress") abort.abort();
      },
    },
  );

  expect(result).toMatchObject({ ok: false, error: { code: "CANCELLED" } });
  expect(await value("await everything.get_sum({ a: 1, b: 2 })")).toBe("The sum of 1 and 2 is 3.");
});

test("a server's question to the user and to the model is answered in the middle of a call", async () => {
  const answer = await value(`
    const declined = await everything.trigger_elicitation_request.raw({});
    const sampled = await everything.trigger_sampling_request.raw({ prompt: "hello" });
    return [declined, sampled].map(({ content }) => content.map(({ text }) => text).join(" "));
  `);

  expect(questions).toEqual([expect.stringMatching(/^everything: /)]);
  expect(answer).toEqual([
    expect.stringContaining("declined"),
    expect.stringContaining("sampled for everything"),
  ]);
});
