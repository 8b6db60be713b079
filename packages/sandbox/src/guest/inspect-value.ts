/** How deep a value is while it is shown, and what it is inside of. */
interface Inspection {
  readonly depth: number;
  readonly parents: readonly unknown[];
}

/** Console arguments as text: the way Node prints them, in less code. */
function showValues(values: readonly unknown[]): string {
  try {
    const [first, ...rest] = values;
    if (typeof first === "string" && rest.length > 0) return formatTemplate(first, rest);
    return values.map((value) => inspectValue(value, { depth: 0, parents: [] })).join(" ");
  } catch {
    return "[a value that cannot be shown]";
  }
}

/** `%s` and its relatives (WHATWG console, section 2.2.1), then the values left over. */
function formatTemplate(template: string, values: readonly unknown[]): string {
  let used = 0;
  const text = template.replace(/%[sdifjoOc%]/g, (mark) => {
    if (mark === "%%") return "%";
    if (used >= values.length) return mark;
    const value = values[used];
    used += 1;
    if (mark === "%c") return "";
    if (mark === "%d" || mark === "%f") return `${Number(value)}`;
    if (mark === "%i") return `${Math.trunc(Number(value))}`;
    return inspectValue(value, { depth: mark === "%s" ? 0 : 1, parents: [] });
  });
  const left = values.slice(used).map((value) => inspectValue(value, { depth: 0, parents: [] }));
  return [text, ...left].join(" ");
}

function inspectValue(value: unknown, { depth, parents }: Inspection): string {
  if (typeof value === "string") return depth === 0 ? value : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return String(value);
  if (typeof value === "function") return `[Function: ${value.name || "anonymous"}]`;
  if (typeof value !== "object" || value === null)
    return Object.is(value, -0) ? "-0" : String(value);
  if (parents.includes(value)) return "[Circular]";
  if (value instanceof Error) {
    const code = "code" in value && value.code !== undefined ? ` [${String(value.code)}]` : "";
    return `${value.name}${code}: ${value.message}`;
  }
  if (value instanceof Date)
    return Number.isNaN(Number(value)) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return "Promise {}";
  if (depth >= 4) return Array.isArray(value) ? "[Array]" : "[Object]";
  return inspectContainer(value, { depth: depth + 1, parents: [...parents, value] });
}

function inspectContainer(value: object, inside: Inspection): string {
  const MAX_ITEMS = 100;
  const show = (item: unknown): string => inspectValue(item, inside);
  if (Array.isArray(value))
    return wrapItems("[]", value.slice(0, MAX_ITEMS).map(show), value.length);
  if (value instanceof Map) {
    const items = [...value]
      .slice(0, MAX_ITEMS)
      .map(([key, item]) => `${show(key)} => ${show(item)}`);
    return `Map(${value.size}) ${wrapItems("{}", items, value.size)}`;
  }
  if (value instanceof Set) {
    return `Set(${value.size}) ${wrapItems("{}", [...value].slice(0, MAX_ITEMS).map(show), value.size)}`;
  }
  const keys = ArrayBuffer.isView(value) ? [] : Object.keys(value);
  const items = keys.slice(0, MAX_ITEMS).map((key) => {
    const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
    return `${name}: ${show((value as Record<string, unknown>)[key])}`;
  });
  const { constructor } = value;
  const type =
    typeof constructor === "function" && constructor !== Object ? `${constructor.name} ` : "";
  if (ArrayBuffer.isView(value) && "length" in value) {
    const list = Array.from(value as Uint8Array);
    return `${type.trim()}(${list.length}) ${wrapItems("[]", list.slice(0, MAX_ITEMS).map(show), list.length)}`;
  }
  return `${type}${keys.length === 0 ? wrapItems("{}", innerText(value), 0) : wrapItems("{}", items, keys.length)}`;
}

/** What a thing without members of its own says of itself: a URL its address, a query its pairs. */
function innerText(value: object): readonly string[] {
  const { toString } = value;
  const isOwn = typeof toString === "function" && toString !== Object.prototype.toString;
  const text = isOwn ? String(value) : "";
  return text === "" ? [] : [text];
}

/** On one line where it fits, otherwise one item a line. */
function wrapItems(brackets: "[]" | "{}", items: readonly string[], count: number): string {
  const [open, close] = brackets;
  const all = count > items.length ? [...items, `... ${count - items.length} more`] : items;
  if (all.length === 0) return brackets;
  const line = all.join(", ");
  const space = brackets === "{}" ? " " : "";
  if (line.length <= 72 && !line.includes("\n")) return `${open}${space}${line}${space}${close}`;
  return `${open}\n  ${all.join(",\n").replaceAll("\n", "\n  ")}\n${close}`;
}

export const inspectorFunctions = [
  showValues,
  formatTemplate,
  inspectValue,
  inspectContainer,
  innerText,
  wrapItems,
];
