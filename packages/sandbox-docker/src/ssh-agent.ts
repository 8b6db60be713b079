import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";

/** Another machine, as the system's `ssh` reaches it. */
export interface SshTarget {
  readonly host: string;
  readonly port: string;
  readonly user: string;
}

/**
 * Connections to the daemon of another machine through the system's own `ssh`, as Docker's command
 * makes them: its keys, its configuration, and the host keys that it knows.
 */
export function createSshAgent(target: SshTarget): Agent {
  const agent = new Agent({ keepAlive: false });
  agent.createConnection = () => connectBySsh(target);
  return agent;
}

/** Marks a failure of `ssh` itself. */
export const SSH_ERROR_CODE = "ESSH";

function connectBySsh({ host, port, user }: SshTarget): Duplex {
  const asked = ["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"];
  if (port !== "") asked.push("-p", port);
  if (user !== "") asked.push("-l", user);
  const child = spawn("ssh", [...asked, "--", host, "docker", "system", "dial-stdio"]);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-500);
  });
  const stream = streamOf(child);
  const fail = (message: string): void => {
    stream.destroy(Object.assign(new Error(message), { code: SSH_ERROR_CODE }));
  };
  child.once("error", () => fail("the command ssh cannot be started"));
  child.once("close", (code) => {
    if (code === 0) stream.push(null);
    else fail(said.trim().split("\n").at(-1)?.trim() ?? "");
  });
  return stream;
}

/** Its end is the end of the command, which tells why; not the end of its output, which comes before. */
function streamOf(child: ChildProcessWithoutNullStreams): Duplex {
  const { stdin, stdout, stderr } = child;
  const stream = new Duplex({
    read: () => void stdout.resume(),
    // What cannot be written is a command that ends.
    write: (chunk: Buffer, _encoding, done) => void stdin.write(chunk, () => done()),
    final: (done) => void stdin.end(() => done()),
    destroy(error, done) {
      child.kill();
      done(error);
    },
  });
  stdin.on("error", () => undefined);
  stdout.on("data", (chunk: Buffer) => {
    if (!stream.push(chunk)) stdout.pause();
  });
  return Object.assign(stream, {
    /** As a socket's: a waiting container does not keep the host alive. */
    unref() {
      for (const handle of [child, stdin, stdout, stderr]) {
        if ("unref" in handle && typeof handle.unref === "function") handle.unref();
      }
    },
  });
}
