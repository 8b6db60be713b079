import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";

import { runnerSource } from "@codemode/sandbox";
import type Docker from "dockerode";

import { SUPERVISOR_PROTOCOL } from "./container/settings.ts";
import { unavailable } from "./daemon-error.ts";
import { withDeadline } from "./deadline.ts";
import { ENTRY_LABEL, MANAGED_LABEL, PROTOCOL_LABEL } from "./labels.ts";
import type { TarFile } from "./tar.ts";
import { createTar } from "./tar.ts";

/** An image that is there. */
export interface SandboxImage {
  readonly name: string;
  /** The supervisor's file in it. */
  readonly entry: string;
}

/** Which image is wanted. */
export interface SandboxImageOptions {
  /** One that is there already; built where it is not given. */
  readonly image: string | undefined;
  readonly baseImage: string;
  /** Told what a build does. */
  readonly onProgress: (message: string) => void;
}

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const ENTRY = "/opt/codemode/container/supervisor.js";
// What the files call each other by.
const MANIFEST = `${JSON.stringify({
  name: "@codemode/sandbox",
  type: "module",
  exports: { "./rest-watch": "./node-runner/rest-watch.js" },
})}\n`;
const DOCKERFILE = "sandbox.Dockerfile";
// A base image may have to come over a slow line first.
const BUILD_TIMEOUT_MS = 600_000;

/** The image for a sandbox: looked up, checked, and built where it is missing. */
export async function ensureSandboxImage(
  docker: Docker,
  options: SandboxImageOptions,
): Promise<SandboxImage> {
  if (options.image !== undefined) return requireImage(docker, options.image);
  const context = buildContext();
  const name = imageName(context, options.baseImage);
  if (!(await readLabels(docker, name))) await build(docker, { ...options, name, context });
  return { name, entry: ENTRY };
}

/** Tagged by content: a change of the code or of the base is another image. */
function imageName(context: readonly TarFile[], baseImage: string): string {
  const hash = createHash("sha256").update(baseImage).update(createTar(context));
  return `codemode/sandbox:${SUPERVISOR_PROTOCOL}-${hash.digest("hex").slice(0, 16)}`;
}

/** A given image must speak our protocol: one of another version would hang or worse. */
async function requireImage(docker: Docker, name: string): Promise<SandboxImage> {
  const labels = await readLabels(docker, name);
  if (!labels) {
    throw unavailable("no_image", `The image "${name}" is not on this daemon.`, {
      remedy: `Pull it (docker pull ${name}), or leave docker.image out: it is built then.`,
    });
  }
  const protocol = labels[PROTOCOL_LABEL];
  const entry = labels[ENTRY_LABEL];
  if (protocol === String(SUPERVISOR_PROTOCOL) && entry !== undefined) return { name, entry };
  const has = protocol === undefined ? "no codemode runner" : `a runner of protocol ${protocol}`;
  throw unavailable(
    "no_image",
    `The image "${name}" has ${has}; this version needs protocol ${SUPERVISOR_PROTOCOL}.`,
    {
      remedy: "Build it again with this version, or leave docker.image out: it is built then.",
    },
  );
}

/** `undefined` where there is no such image. */
async function readLabels(
  docker: Docker,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const found = await withDeadline("inspecting the image", () => docker.getImage(name).inspect());
    return found.Config.Labels ?? {};
  } catch (error) {
    if (error instanceof Error && "statusCode" in error && error.statusCode === 404)
      return undefined;
    throw error;
  }
}

/** All that an image is made of besides its base: our compiled files and the recipe. */
function buildContext(): readonly TarFile[] {
  const runner = dirname(fileURLToPath(import.meta.resolve("@codemode/sandbox/node-runner")));
  const container = fileURLToPath(new URL("./container", import.meta.url));
  const recipe = fileURLToPath(new URL(`../${DOCKERFILE}`, import.meta.url));
  return [
    { path: DOCKERFILE, content: read(recipe) },
    { path: "runner/package.json", content: MANIFEST },
    ...filesOf(container, "runner/container"),
    ...filesOf(runner, "runner/node-runner"),
  ];
}

function filesOf(folder: string, target: string): readonly TarFile[] {
  const names = readdirSync(folder).filter(
    (name) => name.endsWith(EXTENSION) && !name.endsWith(".d.ts"),
  );
  return names.toSorted().map((name) => ({
    path: `${target}/${name.slice(0, -EXTENSION.length)}.js`,
    content: EXTENSION === ".ts" ? withoutTypes(join(folder, name)) : read(join(folder, name)),
  }));
}

/** In a checkout the files are TypeScript. */
function withoutTypes(path: string): string {
  return runnerSource(pathToFileURL(path)).replaceAll(/(from "\.[\w./-]+)\.ts"/g, '$1.js"');
}

function read(path: string): string {
  return readFileSync(path, "utf8");
}

interface Build extends SandboxImageOptions {
  readonly name: string;
  readonly context: readonly TarFile[];
}

async function build(docker: Docker, { name, context, baseImage, onProgress }: Build) {
  onProgress(`Building the sandbox's image ${name} on ${baseImage} (once) ...`);
  try {
    await withDeadline(
      "building the image",
      async (abortSignal) => {
        const stream = await docker.buildImage(Readable.from([createTar(context)]), {
          t: name,
          dockerfile: DOCKERFILE,
          buildargs: { BASE_IMAGE: baseImage },
          labels: {
            [MANAGED_LABEL]: "1",
            [PROTOCOL_LABEL]: String(SUPERVISOR_PROTOCOL),
            [ENTRY_LABEL]: ENTRY,
          },
          abortSignal,
        });
        await followBuild(stream, onProgress);
      },
      BUILD_TIMEOUT_MS,
    );
  } catch (error) {
    const said = error instanceof Error ? error.message.replaceAll(/\s+/g, " ").slice(0, 300) : "";
    throw unavailable("no_image", `The sandbox's image cannot be built on ${baseImage}: ${said}.`, {
      remedy:
        "Where no registry can be reached, make a base with scripts/make-docker-base.sh of the codemode repository and name it in docker.base_image, or name a finished image in docker.image.",
      cause: error,
    });
  }
}

/** Reads a build's lines of JSON to the end; rejects with its error. */
async function followBuild(
  stream: NodeJS.ReadableStream,
  onProgress: (message: string) => void,
): Promise<void> {
  let rest = "";
  let failure: string | undefined;
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() === "") continue;
      const event: { readonly stream?: string; readonly status?: string; readonly error?: string } =
        JSON.parse(line);
      failure ??= event.error;
      const said = (event.stream ?? event.status ?? "").trim();
      // The steps, and what is fetched; not each layer of it.
      if (/^(Step|Pulling from|Status:) /.test(said)) onProgress(said);
    }
  }
  if (failure !== undefined) throw new Error(failure);
}
