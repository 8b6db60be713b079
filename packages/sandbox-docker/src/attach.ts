import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

import type Docker from "dockerode";

import { withDeadline } from "./deadline.ts";

/**
 * The stream to a container's first process. Not `container.attach()`: that sends its options as a
 * request body, which the daemon may pass on to the container's input.
 */
export async function attachTo(docker: Docker, name: string): Promise<Duplex> {
  const answer = await dial(docker, "attaching", {
    path: `/containers/${name}/attach?`,
    options: { stream: true, stdin: true, stdout: true, stderr: true },
    // An empty body of a known length: the raw connection comes back.
    file: Buffer.alloc(0),
    headers: { "Content-Type": "text/plain" },
    hijack: true,
    statusCodes: { 101: true, 200: true },
  });
  if (isDuplex(answer)) return answer;
  throw new Error("the daemon did not hand over the container's stream");
}

/** How a container's first process ended. Settles to `undefined` where nobody can tell. */
export type ContainerEnd = Promise<number | undefined>;

/** Waits for the end of a container; ask before it is started. The wait does not keep the host alive. */
export async function watchEnd(
  docker: Docker,
  name: string,
): Promise<{ readonly end: ContainerEnd }> {
  const answer = await dial(docker, "waiting", {
    path: `/containers/${name}/wait?`,
    options: { _query: { condition: "next-exit" }, _body: {} },
    statusCodes: { 200: true },
  });
  return { end: isMessage(answer) ? readStatus(answer) : Promise.resolve(undefined) };
}

interface DialRequest {
  readonly path: string;
  readonly options: object;
  readonly file?: Buffer;
  readonly headers?: Record<string, string>;
  readonly hijack?: boolean;
  readonly statusCodes: Record<number, true>;
}

function dial(docker: Docker, what: string, request: DialRequest): Promise<unknown> {
  return withDeadline(
    what,
    (abortSignal) =>
      new Promise((resolve, reject) => {
        const options = { ...request, method: "POST", isStream: true, abortSignal };
        docker.modem.dial(options, (error, answer) => (error ? reject(error) : resolve(answer)));
      }),
  );
}

async function readStatus(answer: IncomingMessage): ContainerEnd {
  unref(answer.socket);
  let text = "";
  try {
    answer.setEncoding("utf8");
    for await (const chunk of answer) text += String(chunk);
    const { StatusCode }: { readonly StatusCode?: unknown } = JSON.parse(text);
    return typeof StatusCode === "number" ? StatusCode : undefined;
  } catch {
    // The daemon went away, or said nothing: the container's stream has ended all the same.
    return undefined;
  }
}

/** What waits for it has a timer of its own. Not every stream can do it. */
export function unref(stream: Duplex): void {
  if ("unref" in stream && typeof stream.unref === "function") stream.unref();
}

function isMessage(value: unknown): value is IncomingMessage {
  return typeof value === "object" && value !== null && "statusCode" in value && "socket" in value;
}

function isDuplex(value: unknown): value is Duplex {
  return typeof value === "object" && value !== null && "write" in value && "pipe" in value;
}
