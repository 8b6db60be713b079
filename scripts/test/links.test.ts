import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Every page that is in the repository. */
function pages(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], {
    cwd: root,
  });
  return listed.toString().split("\n").filter(Boolean);
}

/** A page without what stands in blocks and between backticks. */
function prose(path: string): string {
  return readFileSync(join(root, path), "utf8")
    .replaceAll(/^(`{3,})[^]*?^\1$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "");
}

/** The anchors of a page's headings, as code hosts make them. */
function anchors(path: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const headings = readFileSync(join(root, path), "utf8")
    .replaceAll(/^(`{3,})[^]*?^\1$/gm, "")
    .matchAll(/^#{1,6} +(.+?) *$/gm);
  const names = Array.from(headings, ([, heading = ""]) => {
    const name = heading
      .toLowerCase()
      .replaceAll(/\]\([^)]*\)/g, "")
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
  return new Set(names);
}

function problem(page: string, target: string): string | undefined {
  const [file = "", anchor] = decodeURIComponent(target).split("#");
  const path = file === "" ? page : relative(root, join(root, dirname(page), file));
  if (!existsSync(join(root, path))) return `${page}: ${target} is not there`;
  if (anchor === undefined) return undefined;
  if (statSync(join(root, path)).isDirectory()) return `${page}: ${target} is a folder's anchor`;
  if (!path.endsWith(".md") || anchors(path).has(anchor)) return undefined;
  return `${page}: ${target} names no heading`;
}

test("every relative link in the documentation leads to a file, and every anchor to a heading", () => {
  const links = pages().flatMap((page) =>
    Array.from(prose(page).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g), ([, target = ""]) => ({
      page,
      target,
    })),
  );
  const relativeLinks = links.filter(({ target }) => !/^[a-z][a-z\d+.-]*:/i.test(target));

  const broken = relativeLinks.flatMap(({ page, target }) => problem(page, target) ?? []);

  expect(relativeLinks.length).toBeGreaterThan(50);
  expect(broken).toEqual([]);
});
