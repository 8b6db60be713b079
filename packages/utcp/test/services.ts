import { createServer } from "node:http";

/** The services that UTCP's documents write programs against, on this machine. */
export interface Services extends AsyncDisposable {
  readonly origin: string;
  /** What was posted to the channel. */
  readonly posted: string[];
}

/** Starts GitHub, Slack and a database, each with its manual at `/<name>/utcp`. */
export async function startServices(): Promise<Services> {
  const posted: string[] = [];
  let origin = "";
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (url.pathname.startsWith("/slack/post")) posted.push(Buffer.concat(chunks).toString());
      const answer = answers(origin)[url.pathname];
      response.statusCode = answer === undefined ? 404 : 200;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer ?? { message: `there is no ${url.pathname}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  return {
    origin,
    posted,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answers(origin: string): Readonly<Record<string, unknown>> {
  const pull = "/github/microsoft/vscode/pulls/1234";
  const comment = { user: { login: "grace" }, body: "Looks good. ".repeat(20) };
  return {
    "/github/utcp": githubManual(origin),
    [pull]: { id: 7, title: "Fix memory leak in hooks", state: "open", user: { login: "ada" } },
    [`${pull}/comments`]: [comment, comment],
    [`${pull}/reviews`]: [{ state: "APPROVED" }, { state: "COMMENTED" }],
    [`${pull}/files`]: [{ filename: "a.ts" }],
    "/slack/utcp": slackManual(origin),
    "/slack/post": { ok: true },
    "/db/7": { environment: "production" },
  };
}

const text = { type: "string" };

function githubManual(origin: string): unknown {
  const properties = { owner: text, repo: text, pull_number: { type: "integer" } };
  const inputs = { type: "object", properties, required: ["owner", "repo", "pull_number"] };
  const url = `${origin}/github/{owner}/{repo}/pulls/{pull_number}`;
  const tool = (name: string, description: string, path: string): unknown => ({
    name,
    description,
    inputs,
    outputs: {},
    tags: ["github", "pull-request"],
    tool_call_template: { call_template_type: "http", http_method: "GET", url: url + path },
  });
  return {
    utcp_version: "1.0.1",
    manual_version: "1.0.0",
    tools: [
      tool("get_pull_request", "One pull request of a repository", ""),
      tool("get_pull_request_comments", "Comments of a pull request", "/comments"),
      tool("get_pull_request_reviews", "Reviews of a pull request", "/reviews"),
      tool("get_pull_request_files", "Files that a pull request changes", "/files"),
    ],
  };
}

function slackManual(origin: string): unknown {
  const post = {
    operationId: "post_message",
    summary: "Posts a message to a channel",
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: {
            type: "object",
            properties: { channel: text, text },
            required: ["channel", "text"],
          },
        },
      },
    },
    responses: { 200: { description: "posted", content: { "application/json": { schema: {} } } } },
  };
  return {
    openapi: "3.0.3",
    info: { title: "Slack", version: "1" },
    servers: [{ url: origin }],
    paths: { "/slack/post": { post } },
  };
}

/** A manual in a file: the database's tools, which are called over HTTP. */
export function databaseManual(origin: string): unknown {
  return {
    utcp_version: "1.0.1",
    manual_version: "1.0.0",
    tools: [
      {
        name: "get_deployment_status",
        description: "Where a pull request is deployed",
        inputs: { type: "object", properties: { pr_id: { type: "integer" } }, required: ["pr_id"] },
        outputs: {},
        tags: ["deployment"],
        tool_call_template: {
          call_template_type: "http",
          http_method: "GET",
          url: `${origin}/db/{pr_id}`,
        },
      },
    ],
  };
}
