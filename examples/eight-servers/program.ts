// One program over eight servers: read a plan, note it, commit it, draw it, and tell what came of it.
const bot = await notion.API_get_self({});
const plan = await gitlab.get_file_contents({
  project_id: "team/app",
  file_path: "PLAN.md",
  ref: "main",
});
const steps = plan.content.split("\n").filter((line: string) => line.startsWith("- "));

const [thought, sum] = await Promise.all([
  sequential_thinking.sequentialthinking({
    thought: `${steps.length} steps are to be kept`,
    thoughtNumber: 1,
    totalThoughts: 1,
    nextThoughtNeeded: false,
  }),
  everything.get_sum({ a: steps.length, b: 1 }),
  filesystem.write_file({ path: "PLAN.md", content: plan.content }),
  memory.create_entities({
    entities: [{ name: "plan", entityType: "document", observations: steps }],
  }),
]);

const here = (await filesystem.list_allowed_directories({})).content.split("\n").at(-1);
await git.git_init({ path: here, initialBranch: "main" });
await git.git_add({ path: here, paths: ["PLAN.md"] });
const commit = await git.git_commit({ path: here, message: `Plan by ${bot.name}` });
const log = await git.git_log({ path: here });

const picture = await chart.generate_pie_chart({
  data: steps.map((step: string) => ({ category: step.slice(2), value: step.length })),
});
const { entities } = await memory.search_nodes({ query: "ship" });

return {
  by: bot.name,
  steps: steps.length,
  sum,
  thoughts: thought.thoughtHistoryLength,
  committed: log.commits[0].hash === commit.commitHash,
  remembered: entities.map((entity) => entity.name),
  picture,
};
