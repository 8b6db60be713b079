import { readFileSync } from "node:fs";
import { globSync } from "node:fs";
import { join } from "node:path";

/** One fenced block of a page. */
export interface Block {
  /** `README.md:12`: the page and the line of the fence. */
  readonly origin: string;
  /** All that stands behind the three backticks: `ts`, `ts program`, `bash`, ... */
  readonly fence: string;
  readonly text: string;
}

const PAGES = ["*.md", "docs/**/*.md", "{packages,apps}/*/README.md", "bench/README.md"];

/** Every fenced block of every README and docs page below `root`, in order. */
export function collectBlocks(root: string): readonly Block[] {
  const pages = globSync(PAGES, { cwd: root }).toSorted();
  return pages.flatMap((page) => blocksOf(page, readFileSync(join(root, page), "utf8")));
}

function blocksOf(page: string, text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { readonly fence: string; readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^```(.*)$/.exec(line)?.[1]?.trim();
    if (open && fence === "") {
      const origin = `${page}:${open.line}`;
      blocks.push({ origin, fence: open.fence, text: open.lines.join("\n") });
      open = undefined;
    } else if (open) open.lines.push(line);
    else if (fence !== undefined) open = { fence, line: index + 1, lines: [] };
  }
  return blocks;
}
