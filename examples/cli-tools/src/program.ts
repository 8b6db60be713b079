/** What a model would write: one program, several commands at once, only the result goes back. */
export const PROGRAM = `
const names = (await ls({ path: "tools", flags: "-1" })).trim().split("\\n");
const files = await Promise.all(
  names.map(async (name) => {
    const checksum = await checksum_of(\`tools/\${name}\`);
    return { name, checksum };
  }),
);
async function checksum_of(file: string): Promise<string> {
  return (await checksum({ file })).trim();
}
const { v8, node: version } = await node.versions();
const refused = await ls({ path: "-R /" }).catch((error) => error.code);
return { files, engine: v8.split(".").length > 1 ? "v8" : "unknown", version, refused };
`;
