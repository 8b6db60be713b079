import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { CodeModeUtcpClient } from "../src/index.ts";
import type { Services } from "./services.ts";
import { databaseManual, startServices } from "./services.ts";

let services: Services;
let folder: string;
let client: CodeModeUtcpClient;

const memoryServer = join(
  dirname(
    createRequire(import.meta.url).resolve("@modelcontextprotocol/server-memory/package.json"),
  ),
  "dist/index.js",
);

beforeAll(async () => {
  services = await startServices();
  folder = await mkdtemp(join(tmpdir(), "utcp-client-"));
  await writeFile(join(folder, "db-tools.json"), JSON.stringify(databaseManual(services.origin)));
  client = await CodeModeUtcpClient.create(folder);
  await client.registerManual({
    name: "github",
    call_template_type: "http",
    http_method: "GET",
    url: `${services.origin}/github/utcp`,
  });
  await client.registerManual({
    name: "slack",
    call_template_type: "http",
    http_method: "GET",
    url: `${services.origin}/slack/utcp`,
  });
  await client.registerManual({
    name: "db",
    call_template_type: "file",
    file_path: "./db-tools.json",
    allowed_communication_protocols: ["file", "http"],
  });
  await client.registerManual({
    name: "notes",
    call_template_type: "mcp",
    config: {
      mcpServers: {
        memory: {
          command: process.execPath,
          args: [memoryServer],
          env: { MEMORY_FILE_PATH: join(folder, "memory.jsonl") },
        },
      },
    },
  });
});

afterAll(async () => {
  await client.close();
  await services[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const PULL = `{ owner: "microsoft", repo: "vscode", pull_number: 1234 }`;

test("tools are found by what they are for", async () => {
  const tools = await client.searchTools("github pull request", 3);

  expect(tools).toHaveLength(3);
  expect(tools.map(({ name }) => name)).toContain("github.get_pull_request");
  expect(tools[0]).toMatchObject({ tool_call_template: { call_template_type: "http" } });
});

test("several calls are one program, whose value and logs come back", async () => {
  const { result, logs } = await client.callToolChain(`
    const pr = await github.get_pull_request(${PULL});
    const [comments, reviews, files] = await Promise.all([
      github.get_pull_request_comments(${PULL}),
      github.get_pull_request_reviews(${PULL}),
      github.get_pull_request_files(${PULL}),
    ]);
    console.log(\`PR "\${pr.title}" analysis complete\`);
    return {
      title: pr.title,
      state: pr.state,
      author: pr.user.login,
      stats: {
        comments: comments.length,
        files_changed: files.length,
        approvals: reviews.filter((review) => review.state === "APPROVED").length,
      },
      top_discussion: comments.slice(0, 1).map((comment) => ({
        author: comment.user.login,
        preview: comment.body.slice(0, 10) + "...",
      })),
    };
  `);

  expect(result).toEqual({
    title: "Fix memory leak in hooks",
    state: "open",
    author: "ada",
    stats: { comments: 2, files_changed: 1, approvals: 1 },
    top_discussion: [{ author: "grace", preview: "Looks good..." }],
  });
  expect(logs).toEqual(['PR "Fix memory leak in hooks" analysis complete']);
});

test("a manual of the web, an OpenAPI document, a file and an MCP server work in one program", async () => {
  const { result } = await client.callToolChain(`
    const pr = await github.get_pull_request(${PULL});
    const deployment = await db.get_deployment_status({ pr_id: pr.id });
    await slack.post_message({
      body: { channel: "#releases", text: \`PR #\${pr.id} "\${pr.title}" deployed to \${deployment.environment}\` },
    });
    await notes.create_entities({
      entities: [{ name: pr.title, entityType: "pull", observations: [deployment.environment] }],
    });
    const { entities } = await notes.search_nodes({ query: "memory leak" });
    return { pr: pr.title, environment: entities[0].observations[0] };
  `);

  expect(result).toEqual({ pr: "Fix memory leak in hooks", environment: "production" });
  expect(JSON.parse(services.posted[0] ?? "")).toEqual({
    channel: "#releases",
    text: 'PR #7 "Fix memory leak in hooks" deployed to production',
  });
});

test("a program reads the interfaces, by either spelling of the function", async () => {
  const { result, logs } = await client.callToolChain(`
    const own = __getToolInterface("github.get_pull_request");
    console.info("PR tool expects:", own.includes("pull_number"));
    return {
      tools_available: __interfaces.includes("namespace slack"),
      same: __get_tool_interface("github.get_pull_request") === own,
      none: __getToolInterface("github.none"),
    };
  `);

  expect(result).toEqual({ tools_available: true, same: true, none: null });
  expect(logs).toEqual(["[INFO] PR tool expects: true"]);
});

describe("what goes wrong", () => {
  test("in a tool can be caught, and what is thrown on is told with its line", async () => {
    const { result, logs, success, error } = await client.callToolChain(`
      try {
        console.log("Starting multi-step workflow...");
        return await github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 });
      } catch (error) {
        console.error(\`Workflow failed: \${error.message}\`);
        throw error;
      }
    `);

    expect(result).toBeNull();
    expect(success).toBe(false);
    expect(error).toMatchObject({ tool: "github.get_pull_request", line: 4 });
    expect(logs).toEqual([
      "Starting multi-step workflow...",
      expect.stringContaining("[ERROR] Workflow failed: Tool"),
      expect.stringMatching(/^\[ERROR\] Code execution failed: .*there is no \/github\/a/),
    ]);
  });

  test.each([[200], [{ timeout: 200 }], [{ timeout: 200, memoryLimit: 64 }]])(
    "a program that takes longer than %j is ended",
    async (timeout) => {
      const { result, error } = await client.callToolChain("while (true) {}", timeout);

      expect(result).toBeNull();
      expect(error?.phase).toBe("limit");
    },
  );

  test("a wrong timeout is said, not taken for none", async () => {
    await expect(client.callToolChain("1", Number.NaN)).rejects.toMatchObject({
      code: "INVALID_ARGUMENTS",
    });
  });
});

test("each program starts afresh", async () => {
  await client.callToolChain("const kept = 1; return kept");

  const { error } = await client.callToolChain("return kept");

  expect(error?.message).toContain("kept is not defined");
});

test("interfaces are TypeScript, of all tools and of one", async () => {
  const all = await client.getAllToolsTypeScriptInterfaces();
  const tool = await client.getTool("github.get_pull_request");
  const one = tool && client.toolToTypeScriptInterface(tool);

  for (const manual of ["github", "slack", "db", "notes"])
    expect(all).toContain(`declare namespace ${manual} {`);
  expect(one).toContain("declare namespace github {");
  expect(one).toContain("pull_number: number");
  expect(one).not.toContain("get_pull_request_files");
});

test("a tool of a manual with one MCP server has two names outside of programs", async () => {
  const read = await client.callTool("notes.memory.open_nodes", { names: ["nobody"] });

  expect(read).toEqual({ entities: [], relations: [] });
  await expect(client.getTool("notes.open_nodes")).resolves.toBeDefined();
});

test("the prompt tells a model how to find, read, run and what to do about errors", () => {
  for (const word of ["search_tools", "__interfaces", "call_tool_chain", "manual.tool(", "catch"])
    expect(CodeModeUtcpClient.AGENT_PROMPT_TEMPLATE).toContain(word);
});
