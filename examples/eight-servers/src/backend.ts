import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers on this machine what GitLab, Notion and a service of charts answer in theirs. */
export interface Backend extends AsyncDisposable {
  readonly url: string;
  /** `GET /gitlab/...`, with the token that came with it. */
  readonly requests: readonly string[];
}

const PLAN = "# Plan\n- ship it\n- tell people\n";

const ANSWERS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  [
    "GET /gitlab/projects/team%2Fapp/repository/files/PLAN.md?ref=main",
    {
      file_name: "PLAN.md",
      file_path: "PLAN.md",
      size: PLAN.length,
      encoding: "base64",
      content: Buffer.from(PLAN).toString("base64"),
      content_sha256: "0".repeat(64),
      ref: "main",
      blob_id: "1",
      last_commit_id: "2",
    },
  ],
  [
    "GET /notion/v1/users/me",
    { object: "user", id: "7", type: "bot", name: "Release bot", bot: {} },
  ],
  ["POST /chart", { success: true, resultObj: "https://charts.example.org/1.png" }],
]);

/** Listens on a free port of this machine alone. */
export async function startBackend(): Promise<Backend> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    requests.push(`${asked} ${request.headers.authorization ?? ""}`.trim());
    request.resume();
    const answer = ANSWERS.get(asked);
    response.statusCode = answer === undefined ? 404 : 200;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer ?? { object: "error", status: 404, message: "not here" }));
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  return {
    url: urlOf(server.address()),
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function urlOf(address: AddressInfo | string | null): string {
  if (typeof address !== "object" || address === null) throw new Error("The backend has no port.");
  return `http://127.0.0.1:${address.port}`;
}
