/** Types of the language: an alias of that name would hide one. */
const GLOBAL_TYPES: ReadonlySet<string> = new Set(
  (
    "Any Array Awaited BigInt Boolean Capitalize ConstructorParameters Date Error Exclude Extract " +
    "Function InstanceType Iterable Iterator JSON Lowercase Map Math Never NoInfer NonNullable Null " +
    "Number Object Omit Parameters Partial Pick Promise PromiseLike Proxy Readonly ReadonlyArray " +
    "Record RegExp Required ReturnType Set String Symbol ThisType Uncapitalize Undefined Unknown " +
    "Uppercase WeakMap WeakSet URL ToolError RawTool ToolResult"
  ).split(" "),
);

/** A type name near `hint` that nobody has; it is then taken. */
export function freshName(hint: string, taken: Set<string>): string {
  const words = hint.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const pascal = words
    .slice(-2)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  const start = /^[A-Za-z]/.test(pascal) ? pascal.slice(0, 60) : `T${pascal.slice(0, 60)}`;
  let name = start;
  for (let n = 2; taken.has(name) || GLOBAL_TYPES.has(name); n += 1) name = `${start}${n}`;
  taken.add(name);
  return name;
}
