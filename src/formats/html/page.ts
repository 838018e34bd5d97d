const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup that is safe to insert into a page. Only `html` and `trusted` create it. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[] | undefined;

/** Escapes all interpolated values except `Markup`. Use it as a template tag. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.reduce((text, next, index) => text + render(parts[index - 1]) + next) };
}

/**
 * Marks text as safe markup without escaping it. Use it only for generated markup, such as a plot, never for user
 * input.
 */
export function trusted(markup: string): Markup {
  return { markup };
}

function render(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return part.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
  if (typeof part === "number") return String(part);
  if ("markup" in part) return part.markup;
  return part.map(({ markup }) => markup).join("");
}

/** The `data:` URLs of the pictures in a page, keyed by path. */
export type EmbeddedPictures = ReadonlyMap<string, string>;

/**
 * Returns an image element for the first of `paths` that is embedded in the page, with the alternative text `alt`.
 * Returns undefined if none of the paths is embedded.
 */
export function pictureOf(
  paths: readonly string[],
  pictures: EmbeddedPictures,
  alt: string,
): Markup | undefined {
  const url = paths.map((path) => pictures.get(path)).find((picture) => picture !== undefined);
  return url === undefined ? undefined : html`<img class="picture" src="${url}" alt="${alt}">`;
}

export interface Page {
  readonly title: string;
  /** Introduction below the title. */
  readonly lead: string;
  readonly body: Markup;
}

/** Renders a self-contained page without scripts or network requests. The page supports small screens and dark mode. */
export function page({ title, lead, body }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1><p class="lead">${lead}</p></header>
<main>${body}</main>
<footer>Made with mmel. This page is self-contained and makes no network requests.</footer>
</body>
</html>
`.markup;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5b6470; --line: #dde1e6; --paper: #fbfbfa; --card: #fff;
  --accent: #0b62a8; --before: #9db8cf; --after: #0b62a8; --lost: #e0b795; --good: #19734a; --bad: #b3261e; --mark: #fff0c2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3abb5; --line: #343a41; --paper: #16191c; --card: #1e2226;
  --accent: #7db8ea; --before: #4a6479; --after: #7db8ea; --lost: #755236; --good: #6fcf9f; --bad: #ff9d94; --mark: #574a1c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0 0 .4rem; }
.lead, .soft, footer { color: var(--soft); } .lead { margin: 0 0 1.2rem; } footer { margin-top: 3rem; font-size: .85rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 0 0 1rem; }
.caption { font-size: 1.1rem; margin: 0 0 .8rem; } .caption mark { background: var(--mark); color: inherit; border-radius: .2rem; padding: 0 .15rem; }
.mentions { columns: 19rem 2; column-gap: 1.5rem; margin-bottom: -1rem; } .mentions > div { break-inside: avoid; padding-bottom: 1rem; }
.mentions > div:only-child { column-span: all; } .mentions + details { margin-top: 1.4rem; }
.badge { display: inline-block; font-size: .78rem; line-height: 1.5; padding: 0 .5rem; border-radius: 1rem; border: 1px solid currentColor; font-weight: 400; max-width: 100%; }
.good { color: var(--good); } .bad { color: var(--bad); } .changed { color: var(--accent); }
ol.candidates { list-style: none; margin: .4rem 0 0; padding: 0; } ol.candidates li { padding: .35rem 0; border-top: 1px solid var(--line); }
ol.candidates li { display: flex; gap: .6rem; } ol.candidates li > div { flex: 1; min-width: 0; }
.picture { flex: none; object-fit: contain; background: #fff; border: 1px solid var(--line); border-radius: .35rem; width: 2.6rem; height: 2.6rem; }
.picture.none { border-style: dashed; background: none; } .pictured { display: flex; gap: 1rem; align-items: flex-start; } .pictured > .picture { width: auto; height: auto; max-width: min(10rem, 40%); max-height: 7rem; margin: 0 0 .8rem; }
.mentions .who { display: flex; gap: .6rem; align-items: flex-start; } .mentions .who > div { min-width: 0; }
ol.candidates .row { display: flex; gap: .5rem; justify-content: space-between; align-items: baseline; }
ol.candidates .first { font-weight: 600; } .about { font-size: .85rem; color: var(--soft); margin: 0; } .why { font-size: .85rem; color: var(--accent); margin: 0 0 .4rem; }
summary { cursor: pointer; } .change { border-top: 1px solid var(--line); margin-top: .8rem; padding-top: .8rem; } .change p { margin: 0 0 .2rem; }
.figure { font-variant-numeric: tabular-nums; white-space: nowrap; font-size: .88rem; color: var(--soft); } p.figure { white-space: normal; margin: .4rem 0 0; }
.bar { display: block; width: 100%; height: .5rem; margin-top: .25rem; } .bar .before { fill: var(--before); } .bar .after { fill: var(--after); } .bar .lost { fill: var(--lost); } .bar .rail { fill: var(--line); }
.tiles { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); margin: 0 0 1rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .7rem .9rem; }
.tile b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; } .tile span { color: var(--soft); font-size: .85rem; }
.wide { overflow-x: auto; } .wide table { overflow-wrap: normal; white-space: nowrap; } table { border-collapse: collapse; width: 100%; font-size: .92rem; } th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; } th { color: var(--soft); font-weight: 500; white-space: nowrap; }
td.text, th.text { text-align: left; } figure { margin: 0 0 1rem; overflow-x: auto; } figure svg { min-width: 26rem; max-width: 100%; height: auto; background: none; color: var(--ink); }
figcaption { color: var(--soft); font-size: .85rem; } .legend { font-size: .85rem; color: var(--soft); margin: 0 0 1rem; }
.legend i { display: inline-block; width: .8rem; height: .5rem; margin: 0 .3rem 0 .8rem; } .legend i:first-child { margin-left: 0; }
`;
