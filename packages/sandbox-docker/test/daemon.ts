import Docker from "dockerode";
import { expect, test } from "vitest";

import { withDeadline } from "../src/deadline.ts";

/** A daemon that the tests may use. */
export interface TestDaemon {
  readonly docker: Docker;
  readonly baseImage: string;
}

const LOCAL_BASE = "codemode/node-base:24";

/**
 * The daemon of `DOCKER_HOST` or of this machine. Where there is none, a test that is skipped says
 * why, and the file registers nothing else; where CI is set, that is a failure.
 */
export async function findDaemon(): Promise<TestDaemon | undefined> {
  const docker = new Docker();
  const reason = await whyNot(docker);
  if (reason === undefined) return { docker, baseImage: await baseImageOf(docker) };
  const title = `tests with Docker need a daemon: ${reason}. scripts/docker-daemon.sh start makes one`;
  test(title, (context) => {
    expect({ CI: process.env["CI"] ?? "", reason }).toEqual({ CI: "", reason });
    context.skip(reason);
  });
  return undefined;
}

async function whyNot(docker: Docker): Promise<string | undefined> {
  try {
    await withDeadline("pinging", () => docker.ping(), 60_000);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** One made from npm where there is one: it needs no registry. */
async function baseImageOf(docker: Docker): Promise<string> {
  const images = await docker.listImages({ filters: { reference: [LOCAL_BASE] } });
  return images.length > 0 ? LOCAL_BASE : "node:24-slim";
}
