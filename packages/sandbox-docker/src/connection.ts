import { readFileSync } from "node:fs";
import type { Agent } from "node:http";
import { join } from "node:path";

import type Docker from "dockerode";

import { unavailable } from "./daemon-error.ts";
import { createSshAgent } from "./ssh-agent.ts";

/** What the client is made with. */
export type DockerConnection = Docker.DockerOptions & { readonly agent?: Agent };

/** How the daemon is reached, from a text like `DOCKER_HOST`; `undefined` means the environment's. */
export function parseDockerHost(host: string | undefined): DockerConnection | undefined {
  if (host === undefined) return undefined;
  const [, scheme = "", rest = ""] = /^([a-z]+):\/\/(.+)$/.exec(host) ?? [];
  if (scheme === "unix" || scheme === "npipe") return { socketPath: rest };
  const url = URL.parse(`http://${rest}`);
  if (!url || !["tcp", "http", "https", "ssh"].includes(scheme)) {
    throw unavailable("settings", `The Docker host ${JSON.stringify(host)} is none.`, {
      remedy:
        "Write unix:///var/run/docker.sock, tcp://host:2375, https://host:2376 or ssh://user@host.",
    });
  }
  if (scheme === "ssh") {
    const target = { host: url.hostname, port: url.port, user: url.username };
    // The names are not used: the connection is made by the agent.
    return { protocol: "http", host: "docker", port: 80, agent: createSshAgent(target) };
  }
  const secure = scheme === "https" || process.env["DOCKER_TLS_VERIFY"] === "1";
  return {
    protocol: secure ? "https" : "http",
    host: url.hostname,
    port: url.port || (secure ? 2376 : 2375),
    ...(secure ? readCertificates() : {}),
  };
}

/** As Docker's own client finds them. */
function readCertificates(): Docker.DockerOptions {
  const folder = process.env["DOCKER_CERT_PATH"];
  if (folder === undefined) return {};
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}
