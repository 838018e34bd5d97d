import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { DefaultTheme } from "vitepress";

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The path of a page in the site: `README.md` becomes the page of its folder. */
export const siteLink = (file: string): string => `/${file.replace(/(README|index)?(\.md)?$/, "")}`;

const page = (text: string, file: string): DefaultTheme.SidebarItem => ({ text, link: siteLink(file) });

const titled = (file: string): DefaultTheme.SidebarItem =>
  page(/^# (.*)/m.exec(readFileSync(join(repository, file), "utf8"))?.[1] ?? file, file);

const decisions = readdirSync(join(repository, "docs/decisions")).map((name) => `docs/decisions/${name}`);

const experiments = readdirSync(join(repository, "experiments"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("README.md"))
  .map((file) => `experiments/${file}`);

export const sidebar: DefaultTheme.SidebarItem[] = [
  {
    text: "Start",
    items: [
      page("Overview", "README.md"),
      page("Quick start for archivists", "docs/quick-start-archivists.md"),
      page("Quick start for engineers", "docs/quick-start-engineers.md"),
      page("Gallery", "docs/gallery.md"),
      page("Comparison with other tools", "docs/comparison.md"),
    ],
  },
  {
    text: "Daily work",
    items: [
      page("Review links", "docs/review.md"),
      page("Adapt a model to your captions", "docs/adapting.md"),
      page("Evaluate on your captions", "docs/evaluating.md"),
      page("Names resolved together", "docs/collaboration.md"),
      page("Pictures", "docs/pictures.md"),
      page("Languages and scripts", "docs/languages.md"),
      page("Types of mentions", "docs/types.md"),
    ],
  },
  {
    text: "Knowledge bases",
    items: [
      page("Catalogues in other formats", "docs/catalogues.md"),
      page("Updates, comparison, damage", "docs/updating.md"),
      page("Wikidata", "docs/wikidata.md"),
      page("PostgreSQL", "docs/postgres.md"),
    ],
  },
  {
    text: "Models",
    items: [
      page("Results", "docs/results.md"),
      page("Train a model", "docs/training.md"),
      page("Data sets from captions", "docs/newsmel.md"),
    ],
  },
  {
    text: "Services and machines",
    items: [
      page("The service", "docs/service.md"),
      page("Many captions, several machines", "docs/jobs.md"),
      page("Scale", "docs/scale.md"),
    ],
  },
  {
    text: "Reference",
    items: [
      page("Formats", "docs/formats.md"),
      page("Commands", "docs/commands.md"),
      page("Errors", "docs/errors.md"),
      page("Privacy", "docs/privacy.md"),
      page("Glossary", "docs/glossary.md"),
      page("Examples", "examples/README.md"),
      {
        text: "API",
        collapsed: true,
        items: [
          page("mmel", "docs/api/mmel.md"),
          page("mmel/client", "docs/api/mmel/client.md"),
          page("mmel/formats", "docs/api/mmel/formats.md"),
          page("mmel/onnx", "docs/api/mmel/onnx.md"),
        ],
      },
    ],
  },
  {
    text: "Inside mmel",
    collapsed: true,
    items: [
      page("Contributing", "CONTRIBUTING.md"),
      page("Follow a caption", "docs/follow-a-caption.md"),
      page("Architecture", "docs/architecture.md"),
      page("Recipes", "docs/recipes.md"),
      page("Changes", "CHANGELOG.md"),
      { text: "Decisions", collapsed: true, items: decisions.map(titled) },
      { text: "Experiments", collapsed: true, items: experiments.map(titled) },
    ],
  },
];
