import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { createToolRegistry } from "@codemode/core";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import { createSession } from "@codemode/session";
import { createSkillStore } from "@codemode/skills";
import { createMemoryStorage } from "@codemode/storage";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { SkillsClient } from "@modelcontextprotocol/client/ext/skills";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { McpHttpServer } from "../src/mcp.ts";
import { serveMcpHttp } from "../src/mcp.ts";

const stack = new AsyncDisposableStack();
let server: McpHttpServer;

beforeAll(async () => {
  const storage = stack.use(createMemoryStorage());
  const foreign = new Map([["SKILL.md", "---\nname: theirs\ndescription: Foreign.\n---\n"]]);
  const skills = stack.use(
    createSkillStore({
      storage,
      sources: [
        {
          origin: "mcp:upstream",
          list: async () => ({
            skills: [{ name: "theirs", description: "Foreign.", tags: [] }],
            diagnostics: [],
          }),
          read: async () => foreign,
        },
      ],
    }),
  );
  await skills.create({
    name: "pdf-forms",
    files: {
      "SKILL.md":
        "---\nname: pdf-forms\ndescription: Fills forms.\n---\nRead references/FORMS.md.\n",
      "references/FORMS.md": "# Forms",
      "assets/a b.bin": new Uint8Array([0, 255]),
    },
  });
  await skills.create({
    name: "batch_process",
    source: "/** Processes files: all. */\nexport function run(path: string) { return path; }\n",
    tags: ["file"],
  });
  await skills.create({ name: "hidden", body: "x", description: "Draft.", status: "draft" });
  const sandbox = stack.use(createIsolatedVmSandbox());
  const registry = stack.use(createToolRegistry());
  const session = stack.use(createSession({ registry, sandbox, skills }));
  server = await serveMcpHttp({ session, port: 0 });
  stack.defer(() => server.close());
});
afterAll(() => stack.disposeAsync());

test.each(["auto", "legacy"] as const)(
  "a client of the %s era lists own active skills, and every file passes its digest",
  async (mode) => {
    const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
    const skills = new SkillsClient(client);

    const listed = await skills.list();
    const form = listed.skills.find(({ uri }) => uri === "skill://pdf-forms/SKILL.md");
    const code = listed.skills.find(({ uri }) => uri === "skill://batch-process/SKILL.md");
    if (!form || !code) throw new Error("a skill is missing");
    const read = await Promise.all([
      skills.read(form),
      skills.read(form, "references/FORMS.md"),
      skills.read(form, "assets/a b.bin"),
      skills.read(code),
      skills.read(code, "scripts/batch_process.ts"),
    ]);
    const folder = await skills.readDirectory("skill://pdf-forms");
    await client.close();

    expect(listed.skills).toHaveLength(2);
    expect(read.map(({ verified }) => verified)).toEqual([true, true, true, true, true]);
    expect(read[2]?.bytes).toEqual(new Uint8Array([0, 255]));
    expect(read[4]?.text).toContain("export function run");
    expect(folder.resources.map(({ name }) => name)).toEqual(["SKILL.md", "assets", "references"]);
  },
);

test("what is not served is refused, whatever the URI spells", async () => {
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
  const skills = new SkillsClient(client);
  const uris = ["theirs", "hidden", "batch_process", "..%2Fpdf-forms", "__proto__", "%E0%A4%A"];

  for (const name of uris) {
    // oxlint-disable-next-line no-await-in-loop -- each refusal on its own
    await expect(skills.get(`skill://${name}/SKILL.md`)).rejects.toThrow(/./);
  }
  for (const path of ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "nothing.md"]) {
    // oxlint-disable-next-line no-await-in-loop -- as above
    await expect(client.readResource({ uri: `skill://pdf-forms/${path}` })).rejects.toThrow(/./);
  }
  await client.close();
});

test.each(["sep-2640-skills-enumeration", "sep-2640-skills-manifest", "sep-2640-skills-directory"])(
  "the official scenario %s passes",
  async (scenario) => {
    const suite = fileURLToPath(
      new URL("../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
    );
    const args = [suite, "server", "--url", server.url, "--scenario", scenario, "--verbose"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
    const printed = await text(child.stdout);
    const statuses = [...printed.matchAll(/"status": "([A-Z]+)"/g)].map(([, status]) => status);

    expect(statuses).toContain("SUCCESS");
    expect(statuses.filter((status) => status === "FAILURE" || status === "WARNING")).toEqual([]);
  },
  60_000,
);
