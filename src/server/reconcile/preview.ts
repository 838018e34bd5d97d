import { createHash } from "node:crypto";
import type { Entity } from "../../core/index.js";
import { html, trusted } from "../../formats/html/index.js";

const STYLE = `:root{color-scheme:light dark}body{margin:.6rem;font:14px/1.4 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.05rem;margin:0 0 .2rem}p{margin:0 0 .4rem}dl{margin:0;display:grid;grid-template-columns:auto 1fr;gap:0 .6rem}
dt{opacity:.7}dd{margin:0}img{float:right;max-width:7rem;max-height:8rem;margin:0 0 .4rem .6rem}`;

const hash = createHash("sha256").update(STYLE).digest("base64");

/** What the page of a preview may do: show itself and a picture of this service, in a frame of any page. */
export const PREVIEW_POLICY = `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self'; frame-ancestors http: https:`;

/** A small page about an entity; everything in it is escaped. */
export function previewPage({ id, label, description, properties, images }: Entity): string {
  const facts = Object.entries(properties).slice(0, 8);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${label}</title><style>${trusted(STYLE)}</style></head>
<body>${images.length === 0 ? html`` : html`<img alt="" src="/v1/entities/${encodeURIComponent(id)}/images/0">`}
<h1><bdi>${label}</bdi></h1><p>${description ?? ""}</p>
<dl>${facts.map(([name, values]) => html`<dt>${name}</dt><dd>${values.slice(0, 5).join(", ")}</dd>`)}</dl>
<p><small>${id}</small></p></body></html>
`.markup;
}
