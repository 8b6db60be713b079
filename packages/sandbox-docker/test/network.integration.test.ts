import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import type { Sandbox } from "@codemode/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createDockerSandbox } from "../src/index.ts";
import { findDaemon } from "./daemon.ts";
import { runIn } from "./run-in.ts";

const daemon = await findDaemon();

/** Answers with what it got; `/big` with 3 MB. */
const server = createServer((request, response) => {
  if (request.url === "/big") response.end("x".repeat(3_000_000));
  else
    void text(request).then((body) =>
      response.end(`${request.method} ${request.url} ${body.length}`),
    );
});
const forbidden = createServer((_, response) => response.end("forbidden"));

function testNetwork(baseImage: string): void {
  let sandbox: Sandbox | undefined;
  let base = "";
  let other = "";

  beforeAll(async () => {
    const ports = await Promise.all(
      [server, forbidden].map(
        (one) =>
          new Promise<number>((resolve) => {
            one.listen(0, "127.0.0.1", () => resolve(portOf(one.address())));
          }),
      ),
    );
    base = `http://localhost:${ports[0]}`;
    other = `http://localhost:${ports[1]}`;
    sandbox = createDockerSandbox({
      baseImage,
      network: { allow: [`LOCALHOST:${ports[0]}`, "nothing.invalid:80"] },
    });
  });
  afterAll(async () => {
    await sandbox?.[Symbol.asyncDispose]();
    server.close();
    forbidden.close();
  });
  const run = async (code: string): Promise<unknown> =>
    sandbox ? runIn(sandbox, code) : "no sandbox";
  // The last of the causes is the proxy's answer.
  const why = "(function last(e) { return e.cause ? last(e.cause) : e.message })(error)";

  test("is reached with fetch, large bodies both ways", async () => {
    const code = `const post = await fetch("${base}/a?b=c", { method: "POST", body: "y".repeat(2_000_000) });
      const big = await fetch("${base}/big");
      [await post.text(), (await big.text()).length]`;

    expect(await run(code)).toEqual(["POST /a?b=c 2000000", 3_000_000]);
  });
  test("is reached with node:http", async () => {
    const code = `import http from "node:http";
      await new Promise((done, failed) => http.get("${base}/x", (answer) => { let text = ""; answer.on("data", (part) => text += part).on("end", () => done(text)); }).on("error", failed))`;

    expect(await run(code)).toBe("GET /x 0");
  });
  test("is reached by many at once", async () => {
    const code = `(await Promise.all(Array.from({ length: 20 }, async (_, n) => (await fetch("${base}/" + n)).text()))).length`;

    expect(await run(code)).toBe(20);
  });
  test("is all there is: another port, host or address is refused", async () => {
    const code = `import net from "node:net";
      const told = [];
      for (const url of ["${other}/", "http://169.254.169.254/", "https://example.com/", "${base.replace("localhost", "127.0.0.1")}/"])
        try { const answer = await fetch(url); told.push(answer.status); } catch (error) { told.push(${why}); }
      told.push(await new Promise((done) => net.connect(80, "1.1.1.1").once("error", (error) => done(error.code))));
      told`;

    expect(await run(code)).toEqual([
      expect.stringMatching("403"),
      expect.stringMatching("403"),
      expect.stringMatching("403"),
      expect.stringMatching("403"),
      "ENETUNREACH",
    ]);
  });
  test("that cannot be reached says so, without the words of the host's system", async () => {
    const code = `import http from "node:http";
      await new Promise((done) => http.get("http://nothing.invalid/", (answer) => { let text = ""; answer.on("data", (part) => text += part).on("end", () => done(text)); }).on("error", (error) => done(String(error))))`;

    expect(await run(code)).toBe('"nothing.invalid:80" cannot be reached');
  });
  test("that is no target is refused before anything starts", async () => {
    await using wrong = createDockerSandbox({ baseImage, network: { allow: ["example.com"] } });

    expect(await wrong.probe()).toEqual({
      ok: false,
      reason: expect.stringContaining('"example.com" is no target'),
      remedy: expect.stringContaining("api.example.com:443"),
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address ? address.port : 0;
}

// oxlint-disable-next-line vitest/no-conditional-tests -- without a daemon there is nothing to test, and the helper has said so
if (daemon) {
  describe("an allowed target", () => {
    testNetwork(daemon.baseImage);
  });
}
