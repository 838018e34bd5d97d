import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { sidebar, siteLink } from "../../docs/.vitepress/sidebar.js";
import { slugify } from "../../docs/.vitepress/slug.js";
import { pages, proseOf } from "./markdown.js";

/** The anchors of a page: its headings, numbered if they repeat. */
function anchorsOf(file: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  const text = readFileSync(file, "utf8").replace(/^(\s*)```[\s\S]*?^\s*```$/gm, "");
  for (const [, heading] of text.matchAll(/^#{1,6} (.*)$/gm)) {
    const slug = slugify(heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*]/g, ""));
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

const linksOf = (file: string): string[] =>
  [...proseOf(file).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
    .map(([, markdown, html]) => markdown ?? html!)
    .filter((link) => !/^[a-z]+:/.test(link));

const linksIn = (items: typeof sidebar): string[] =>
  items.flatMap((item) => [...(item.link === undefined ? [] : [item.link]), ...linksIn(item.items ?? [])]);

describe("the pages", () => {
  it("link only to files and headings that exist", () => {
    const dead = pages().flatMap((page) =>
      linksOf(page)
        .filter((link) => {
          const [path = "", anchor] = link.split("#");
          const file = path === "" ? page : join(dirname(page), path);
          if (!existsSync(file) || !statSync(file).isFile()) return true;
          return anchor !== undefined && !anchorsOf(file).has(anchor);
        })
        .map((link) => `${page}: ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it("in docs/ are all in the site's menu, and the menu has no others", () => {
    const menu = linksIn(sidebar);
    const listed = new Set(menu);
    const inDocs = pages().filter((page) => page.startsWith("docs/"));
    expect(inDocs.map(siteLink).filter((link) => !listed.has(link))).toEqual([]);
    const all = new Set(pages().map(siteLink));
    expect(menu.filter((link) => !link.startsWith("/docs/api/") && !all.has(link))).toEqual([]);
  });
});
