import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import type { Session } from "@codemode/session";
import { createSession } from "@codemode/session";
import { expect, test } from "vitest";

const run = (input: unknown): unknown => input;

async function withTools(names: readonly string[], use: (session: Session) => Promise<void>) {
  await using registry = createToolRegistry();
  await using sandbox = createIsolatedVmSandbox();
  const tools = Object.fromEntries(names.map((name) => [name, { description: name, run }]));
  registry.addAdapter(createFunctionAdapter({ name: "git-hub", tools }));
  await registry.discoverAll();
  await using session = createSession({ registry, sandbox });
  await use(session);
}

test("a tool whose name has dots is called and imported as it is written", () =>
  withTools(["admin.users.list", "admin.users.get", "admin.ping"], async (session) => {
    const result = await session.execute(
      'import { admin } from "generated/servers/git_hub";\n' +
        "[await git_hub.admin.users.list({ a: 1 }), await admin.users.get({ a: 2 }), await admin.ping({ a: 3 })," +
        "await git_hub.admin_users_list({ a: 4 }), await git_hub['admin.users.list']({ a: 5 }), Object.keys(git_hub.admin)]",
    );

    expect(result).toMatchObject({
      ok: true,
      value: [{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }, { a: 5 }, ["users", "ping"]],
      calls: [
        { tool: "git-hub.admin.users.list" },
        { tool: "git-hub.admin.users.get" },
        { tool: "git-hub.admin.ping" },
        { tool: "git-hub.admin.users.list" },
        { tool: "git-hub.admin.users.list" },
      ],
    });
    expect(session.describeTool("git_hub.admin.users.get")).toMatchObject({
      signature: expect.stringContaining("git_hub.admin.users.get("),
      declaration: expect.stringContaining("namespace admin.users {"),
      imports: [
        'import { admin } from "generated/servers/git_hub";',
        'import { admin } from "generated/mcp/git_hub";',
      ],
    });
  }));

test("a name under the dot that no tool has is refused with the nearest one", () =>
  withTools(["admin.users.list"], async (session) => {
    const result = await session.execute("await git_hub.admin.users.lst()");

    expect(result).toMatchObject({
      ok: false,
      error: {
        code: "TOOL_NOT_FOUND",
        message: expect.stringContaining('Did you mean "git-hub.admin.users.list"?'),
      },
    });
  }));

test("a tool named like the first part keeps its name; the dotted one has its flat one", () =>
  withTools(["admin", "admin.list", "then.list"], async (session) => {
    const result = await session.execute(
      "[await git_hub.admin({ a: 1 }), await git_hub.admin_list({ a: 2 }), await git_hub.then_list({ a: 3 })]",
    );

    expect(result).toMatchObject({ ok: true, value: [{ a: 1 }, { a: 2 }, { a: 3 }] });
  }));
