import { existsSync, statSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { defineConfig, type MarkdownRenderer } from "vitepress";
import { repository, sidebar } from "./sidebar.js";
import { slugify } from "./slug.js";

/** Links to files that are not pages, such as `deploy/Dockerfile`, lead to copies of these files as plain text. */
const linkedFiles = new Set<string>();

function linkFiles(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("linked-files", ({ env, tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? String(token.attrGet("href")) : "";
      if (/^([a-z]+:|[#/]|$)/.test(href) || /\.(md|html)(#|$)/.test(href)) continue;
      const file = posix.join(posix.dirname(env.relativePath), href);
      if (!existsSync(join(repository, file)) || !statSync(join(repository, file)).isFile()) continue;
      linkedFiles.add(file);
      token.attrSet("href", `/files/${file}.txt`);
      token.attrSet("target", "_blank");
    }
  });
}

/** The site shows the repository's Markdown files at their own paths, so relative links work in both. */
// biome-ignore lint/style/noDefaultExport: VitePress reads its configuration from the default export
export default defineConfig({
  title: "mmel",
  description: "Links the names in captions to the entities of your own knowledge base, offline.",
  lang: "en",
  srcDir: repository,
  srcExclude: ["{.github,dist,mmel-demo,runs,test,web}/**"],
  cacheDir: join(repository, "node_modules/.cache/vitepress"),
  rewrites: { "README.md": "index.md", ":folder(.*)/README.md": ":folder/index.md" },
  ignoreDeadLinks: [/^https?:\/\/(localhost|127\.0\.0\.1)/],
  head: [["link", { rel: "icon", href: "/icon.svg", type: "image/svg+xml" }]],
  markdown: { config: linkFiles, anchor: { slugify }, image: { lazyLoading: true } },
  themeConfig: {
    logo: "/icon.svg",
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
    docFooter: { prev: false, next: false },
  },
  vite: { publicDir: join(repository, "web/public"), build: { chunkSizeWarningLimit: 2000 } },
  async buildEnd({ outDir }) {
    for (const file of linkedFiles) {
      await mkdir(dirname(join(outDir, "files", file)), { recursive: true });
      await cp(join(repository, file), join(outDir, "files", `${file}.txt`));
    }
  },
});
