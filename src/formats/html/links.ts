import type { Caption, CaptionLinks, Entity, MentionLink, RankedCandidate } from "../../core/index.js";
import { html, type Markup } from "./escape.js";
import { page } from "./page.js";

/** A caption beside the links made of it. */
export interface LinkedCaption {
  readonly caption: Caption;
  readonly links: CaptionLinks;
}

/** A page that shows every caption, its names in the text, and their candidates with the scores before → after. */
export function linksPage(title: string, linked: readonly LinkedCaption[]): string {
  const mentions = linked.flatMap(({ links }) => links.mentions);
  const nils = mentions.filter(({ outcome }) => outcome.kind === "nil").length;
  const moved = mentions.filter(({ independent }) => independent !== undefined).length;
  const first = linked[0]?.links;
  return page({
    title,
    lead: first === undefined ? "No caption came in." : `Model ${first.model}, knowledge base ${first.kb}.`,
    body: html`<div class="tiles">
${tile(linked.length, "captions")}${tile(mentions.length, "mentions")}${tile(mentions.length - nils, "linked")}${tile(nils, "not in the knowledge base (NIL)")}${tile(moved, "decided by the other mentions")}
</div>
<p class="legend"><i style="background:var(--before)"></i>the name's own score <i style="background:var(--after)"></i>added by the caption's other names</p>
${linked.map(captionCard)}`,
  });
}

const tile = (figure: number, words: string): Markup =>
  html`<div class="tile"><b>${figure}</b><span>${words}</span></div>`;

function captionCard({ caption, links }: LinkedCaption): Markup {
  return html`<section class="card" id="${caption.id}">
<p class="caption" dir="auto"${languageOf(caption)}>${marked(caption)}</p>
<div class="mentions">${links.mentions.map(mentionBlock)}</div>
</section>
`;
}

const languageOf = ({ language }: Caption): Markup =>
  language === undefined ? html`` : html` lang="${language}"`;

/** The caption with its mentions marked; of overlapping mentions the first and longest is. */
export function marked({ text, mentions }: Caption): Markup {
  const spans = mentions.flatMap(({ span }) => (span === undefined ? [] : [span]));
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const parts: Markup[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    if (start < at) continue;
    parts.push(html`${text.slice(at, start)}<mark>${text.slice(start, end)}</mark>`);
    at = end;
  }
  return html`${parts}${text.slice(at)}`;
}

function mentionBlock(link: MentionLink): Markup {
  const top = Math.max(...link.candidates.map(({ score }) => score), 1e-9);
  return html`<div>
<h3><bdi>${link.mention.text}</bdi> → ${outcomeWords(link)} ${verdict(link)}${movedBadge(link)}</h3>
<ol class="candidates">${link.candidates.map((candidate, at) => candidateRow(candidate, at, top))}</ol>
${link.candidates.length === 0 ? html`<p class="about">No entity of the knowledge base has a name like this.</p>` : html``}
</div>`;
}

function outcomeWords({ outcome, probability }: MentionLink): Markup {
  const name = outcome.kind === "linked" ? html`<bdi>${outcome.entity.label}</bdi>` : html`NIL`;
  return html`${name}${probability === undefined ? html`` : html` <span class="figure">${percent(probability)}</span>`}`;
}

function verdict(link: MentionLink): Markup {
  const { gold } = link.mention;
  if (gold === undefined) return html``;
  if (isAsAnnotated(link)) return html`<span class="badge good">✓ as annotated</span> `;
  const label = gold.kind === "nil" ? "NIL" : labelOf(gold.id, link);
  return html`<span class="badge bad">✗ annotated: <bdi>${label}</bdi></span> `;
}

const labelOf = (id: string, { candidates }: MentionLink): string =>
  candidates.find(({ entity }) => entity.id === id)?.entity.label ?? id;

/** Whether a mention was linked to what the annotator said; undefined when nobody annotated it. */
export function isAsAnnotated({ mention: { gold }, outcome }: MentionLink): boolean | undefined {
  if (gold === undefined) return undefined;
  const id = outcome.kind === "linked" ? outcome.entity.id : undefined;
  return id === (gold.kind === "entity" ? gold.id : undefined);
}

const movedBadge = ({ independent }: MentionLink): Markup =>
  independent === undefined
    ? html``
    : html`<span class="badge changed">on its own: <bdi>${independent.label}</bdi></span>`;

function candidateRow(candidate: RankedCandidate, at: number, top: number): Markup {
  const { entity, match, score } = candidate;
  return html`<li><div class="row"><span class="${at === 0 ? "first" : ""}"><bdi>${entity.label}</bdi></span>
<span class="figure">${match === undefined ? "—" : match.toFixed(2)} → ${score.toFixed(2)}${candidate.probability === undefined ? "" : ` · ${percent(candidate.probability)}`}</span></div>
<p class="about">${aboutEntity(entity)}</p>${bar(match ?? 0, score, top)}</li>
`;
}

/** One line on who or what an entity is: its description, or else its first properties. */
export function aboutEntity({ description, properties, id }: Entity): string {
  if (description !== undefined) return description;
  const facts = Object.entries(properties).slice(0, 4);
  if (facts.length === 0) return id;
  return facts.map(([name, values]) => `${name}: ${values.slice(0, 3).join(", ")}`).join(" · ");
}

function bar(match: number, score: number, top: number): Markup {
  const own = Math.max(0, Math.min(100, (100 * match) / top));
  const all = Math.max(own, Math.min(100, (100 * score) / top));
  return html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="${match.toFixed(2)} before, ${score.toFixed(2)} after"><rect class="rail" width="100" height="4"/><rect class="after" width="${all.toFixed(1)}" height="4"/><rect class="before" width="${own.toFixed(1)}" height="4"/></svg>`;
}

const percent = (share: number): string => `${(100 * share).toFixed(share > 0.995 ? 1 : 0)} %`;
