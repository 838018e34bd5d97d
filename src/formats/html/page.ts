import { createHash } from "node:crypto";
import { html, type Markup, trusted } from "./markup.js";
import { STYLE } from "./style.js";

/** The beginning of a page, up to its content. */
export interface PageStart {
  readonly title: string;
  /** Introduction below the title. */
  readonly lead: string;
  /** The script with which `pageEnd` ends the page. The page runs no other script. */
  readonly script?: string;
}

/** Renders the beginning of a self-contained page without network requests. */
export function pageStart({ title, lead, script }: PageStart): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; ${trusted(scriptSource(script))}style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1><p class="lead">${lead}</p></header>
<main>
`.markup;
}

/** Renders the end of a page that begins with `pageStart`. */
export function pageEnd(script?: string): string {
  return html`</main>
<footer>Made with mmel. This page is self-contained and makes no network requests.</footer>
${script === undefined ? html`` : html`<script>${trusted(script)}</script>`}
</body>
</html>
`.markup;
}

const scriptSource = (script: string | undefined): string =>
  script === undefined ? "" : `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'; `;

/** Renders a self-contained page without scripts or network requests. */
export function page({ body, ...start }: Omit<PageStart, "script"> & { readonly body: Markup }): string {
  return pageStart(start) + body.markup + pageEnd();
}
