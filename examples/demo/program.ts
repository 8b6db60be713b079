// Which products earn most over all regions?
// One program, three servers, one small answer.
interface Sale {
  region: string;
  product: string;
  units: number;
  revenue: number;
}
const regions = ["north", "south", "west"];

// All reports at once.
const reports = await Promise.all(
  regions.map((region) =>
    filesystem.read_text_file({ path: `reports/${region}.csv` }),
  ),
);
const sales: Sale[] = reports.flatMap(({ content }, n) =>
  content
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [product, units, price] = line.split(",");
      return {
        region: regions[n],
        product,
        units: Number(units),
        revenue: Number(units) * Number(price),
      };
    }),
);
console.log(`read ${sales.length} lines from ${reports.length} reports`);

// A report that is not there does not end the program.
let missing: string;
try {
  await filesystem.read_text_file({ path: "reports/east.csv" });
} catch (error) {
  missing = `${error.name} from ${error.tool}`;
  console.warn("no report for the east:", missing);
}

const byProduct = Object.groupBy(sales, (sale) => sale.product);
const ranking = Object.entries(byProduct)
  .map(([product, lines]) => ({
    product,
    regions: lines.map((line) => line.region),
    revenue: Math.round(lines.reduce((sum, line) => sum + line.revenue, 0)),
  }))
  .sort((a, b) => b.revenue - a.revenue);

// Keep the whole in a file and in the knowledge graph;
// two slow jobs run beside it.
const table = ranking
  .map(({ product, revenue }) => `| ${product} | ${revenue} |`)
  .join("\n");
const slow = { duration: 0.3, steps: 2 };
await Promise.all([
  filesystem.write_file({
    path: "summary.md",
    content: `| product | revenue |\n|---|---|\n${table}\n`,
  }),
  memory.create_entities({
    entities: ranking.map((row) => ({
      name: row.product,
      entityType: "product",
      observations: [
        `revenue ${row.revenue}`,
        `sold in ${row.regions.join(", ")}`,
      ],
    })),
  }),
  everything.trigger_long_running_operation(slow),
  everything.trigger_long_running_operation(slow),
]);
const { entities } = await memory.search_nodes({ query: "south" });
console.log(`the graph knows ${entities.length} products of the south`);

return {
  best: ranking.slice(0, 3).map((row) => `${row.product}: ${row.revenue}`),
  total: ranking.reduce((sum, row) => sum + row.revenue, 0),
  inTheSouth: entities.map((entity) => entity.name),
  missing,
};
