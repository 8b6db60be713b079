import type { SandboxCapabilities } from "@codemode/sandbox";
import type { Session } from "@codemode/session";

const MAX_SERVERS = 20;

/** What a client tells its model of this server, at most 2 kB. */
export function serverInstructions(
  session: Session,
  capabilities?: Pick<SandboxCapabilities, "isolation" | "nodeApis">,
): string {
  const servers = session.registry.servers().map(({ name }) => name);
  const more = servers.length > MAX_SERVERS ? `, and ${servers.length - MAX_SERVERS} more` : "";
  const names = servers.length === 0 ? "none yet" : servers.slice(0, MAX_SERVERS).join(", ") + more;
  const text = `Do work that takes tools by writing one TypeScript program for execute_code instead of calling tools one by one: only its result comes back.
1. search_tools with what you need; it gives signatures. get_tool_details has full types.
2. execute_code with a program that makes all calls, in parallel where they do not depend on each other, and returns only what you need:
   const [a, b] = await Promise.all([files.read({ path: "a" }), files.read({ path: "b" })]);
   return a.length + b.length;
Failed calls throw ToolError { tool, code, message }. Pass the returned session to go on with the same variables. ${surroundings(capabilities)}
${artifactLine(session)}${skillLine(session)}Servers: ${names}.`;
  return text.slice(0, 2_000);
}

/** Only where there is a store. */
function artifactLine({ artifacts }: Session): string {
  if (!artifacts) return "";
  return "Data for later sessions: await artifacts.save(name, data), load(name), list(), search(words).\n";
}

/** Only where there are skills to use, or to save. */
function skillLine({ skills }: Session): string {
  if (!skills) return "";
  return `What worked and will be needed again is kept as a skill: skills.create(name, source, description) in a program; later await skills.name({ ... }) or import from "skills/name". skills.search("need") finds them.\n`;
}

function surroundings(
  capabilities: Pick<SandboxCapabilities, "isolation" | "nodeApis"> | undefined,
): string {
  const has = capabilities?.nodeApis
    ? "A program has Node's own modules too."
    : "There is no network, file system or npm package in a program, only tools.";
  if (capabilities?.isolation !== "none") return has;
  return `${has} Programs run with no security boundary: never run one from a source that is not trusted.`;
}
