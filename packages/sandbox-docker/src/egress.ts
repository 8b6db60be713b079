import { connect } from "node:net";
import type { Duplex } from "node:stream";

import type { Tunnels } from "./container/tunnels.ts";
import { createTunnels } from "./container/tunnels.ts";
import { unavailable } from "./daemon-error.ts";

/** Which connections programs may open. `none`: none at all. */
export type NetworkAccess =
  | "none"
  | {
      /** Targets as `host:port`, exactly as programs name them. */
      readonly allow: readonly string[];
    };

const CONNECT_TIMEOUT_MS = 10_000;
const TARGET = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]):\d{1,5}$/;

/** The targets of an allow-list. Throws on an entry that is none. */
export function parseAllowed(access: NetworkAccess): ReadonlySet<string> {
  if (access === "none") return new Set();
  return new Set(
    access.allow.map((entry) => {
      const target = normalize(entry);
      if (TARGET.test(target)) return target;
      throw unavailable("settings", `${JSON.stringify(entry)} is no target of docker.network.`, {
        remedy: 'Write the host and the port, for example "api.example.com:443".',
      });
    }),
  );
}

/** The host's end of a container's connections: it dials what the list has, and refuses the rest. */
export function createEgress(allowed: ReadonlySet<string>, send: (line: string) => void): Tunnels {
  return createTunnels({
    send,
    connect: (asked) => {
      const target = normalize(asked);
      if (allowed.has(target)) return dial(target);
      const shown = JSON.stringify(target.slice(0, 200));
      return Promise.reject(new Error(`${shown} is not in docker.network.allow`));
    },
  });
}

function normalize(target: string): string {
  return target
    .trim()
    .toLowerCase()
    .replace(/\.(?=:\d+$)/, "");
}

function dial(target: string): Promise<Duplex> {
  const colon = target.lastIndexOf(":");
  const host = target.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  const socket = connect({ host, port: Number(target.slice(colon + 1)) });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy(new Error("no answer"));
    }, CONNECT_TIMEOUT_MS).unref();
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
    // Not the system's words: they name addresses of the host's network.
    socket.once("error", () => {
      clearTimeout(timer);
      reject(new Error(`${JSON.stringify(target)} cannot be reached`));
    });
  });
}
