import {
  type Caption,
  type CaptionLinks,
  type Entity,
  type Gold,
  goldId,
  type MentionLink,
  type RankedCandidate,
} from "../../core/index.js";
import { type EmbeddedPictures, html, type Markup, page, pictureOf } from "./page.js";

/** A caption with its links. */
export interface LinkedCaption {
  readonly caption: Caption;
  readonly links: CaptionLinks;
  /** The links of the same caption without its picture, for comparison. */
  readonly blind?: CaptionLinks;
}

export interface LinksPageOptions {
  /** Thumbnails of the pictures of captions and entities. */
  readonly pictures?: EmbeddedPictures | undefined;
  /** Additional sentence at the top of the page. */
  readonly remark?: string;
  /** Credits for the pictures, shown at the end of the page. */
  readonly credits?: Markup;
}

/** Returns the paths of all pictures that `linksPage` shows for these captions, in the order of the page. */
export function picturePaths(linked: readonly LinkedCaption[]): string[] {
  return linked.flatMap(({ caption, links }) => [
    ...(caption.image === undefined ? [] : [caption.image]),
    ...links.mentions.flatMap(({ candidates }) =>
      candidates.flatMap(({ entity }) => entity.images.slice(0, 1)),
    ),
  ]);
}

/**
 * Renders a page that shows each caption with its marked mentions and their candidates. A candidate has two scores:
 * without and with the influence of the caption's other mentions.
 */
export function linksPage(
  title: string,
  linked: readonly LinkedCaption[],
  { pictures = new Map(), remark = "", credits = html`` }: LinksPageOptions = {},
): string {
  const mentions = linked.flatMap(({ links }) => links.mentions);
  const nils = mentions.filter(({ outcome }) => outcome === "nil").length;
  const moved = mentions.filter(({ independent }) => independent !== undefined).length;
  const first = linked[0]?.links;
  const unscored = mentions.some(({ candidates }) => candidates.some(({ match }) => match === null));
  const loses = mentions.some(({ candidates }) => candidates.some(losesVisibly));
  const early = unscored ? " · ruled out early: not among the best candidates of the first stage" : "";
  return page({
    title,
    lead:
      first === undefined
        ? "There are no captions."
        : `Model ${first.model}, knowledge base ${first.kb}. ${remark}`.trim(),
    body: html`<div class="tiles">
${tile(linked.length, "captions")}${tile(mentions.length, "mentions")}${tile(mentions.length - nils, "linked")}${tile(nils, "not in the knowledge base (NIL)")}${tile(moved, "changed by the other mentions")}
</div>
<p class="legend"><i style="background:var(--before)"></i>score of the name on its own <i style="background:var(--after)"></i>added by the caption's other names${loses ? html` <i style="background:var(--lost)"></i>taken away by them` : html``}${early}</p>
${linked.map((caption) => captionCard(caption, pictures))}
${credits}`,
  });
}

const losesVisibly = ({ match, score }: RankedCandidate): boolean => match !== null && match - score > 0.01;

const tile = (count: number, label: string): Markup =>
  html`<div class="tile"><b>${count}</b><span>${label}</span></div>`;

function captionCard({ caption, links, blind }: LinkedCaption, pictures: EmbeddedPictures): Markup {
  return html`<section class="card" id="${caption.id}">
<div class="pictured">${captionPicture(caption, pictures)}<p class="caption" dir="auto"${languageOf(caption)}>${marked(caption)}</p></div>
<div class="mentions">${links.mentions.map((link, i) => mentionBlock(link, caption.mentions[i]?.gold, blind?.mentions[i], pictures))}</div>
</section>
`;
}

const languageOf = ({ language }: Caption): Markup =>
  language === undefined ? html`` : html` lang="${language}"`;

/** Returns the picture of a caption as markup, or undefined if the picture is not embedded in the page. */
export function captionPicture({ image, text }: Caption, pictures: EmbeddedPictures): Markup | undefined {
  return image === undefined ? undefined : pictureOf([image], pictures, `picture of the caption: ${text}`);
}

/**
 * Returns the text of a caption with its mentions marked. If mentions overlap, only the one that starts first is
 * marked; if several start at the same position, only the longest.
 */
export function marked({ text, mentions }: Pick<Caption, "text" | "mentions">): Markup {
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

function mentionBlock(
  link: MentionLink,
  gold: Gold | undefined,
  blind: MentionLink | undefined,
  pictures: EmbeddedPictures,
): Markup {
  return html`<div>
<h3><bdi>${link.text}</bdi> → ${outcomeText(link)} ${verdict(link, gold)}${fullNameBadge(link)}${movedBadge(link)}${blindBadge(link, blind)}</h3>
${reason(link)}<ol class="candidates">${candidateRows(link.candidates, pictures)}</ol>
${link.candidates.length === 0 ? html`<p class="about">No candidates were found in the knowledge base.</p>` : html``}
</div>`;
}

function outcomeText({ entity, probability }: MentionLink): Markup {
  const name = entity === null ? html`NIL` : html`<bdi>${entity.label}</bdi>`;
  return html`${name}${probability === null ? html`` : html` <span class="figure">${percent(probability)}</span>`}`;
}

function verdict(link: MentionLink, gold: Gold | undefined): Markup {
  if (gold === undefined) return html``;
  if (isAsAnnotated(link, gold)) return html`<span class="badge good">✓ as annotated</span> `;
  const label = gold.kind === "nil" ? "NIL" : labelOf(gold.id, link);
  return html`<span class="badge bad">✗ annotated: <bdi>${label}</bdi></span> `;
}

const labelOf = (id: string, { candidates }: MentionLink): string =>
  candidates.find((candidate) => candidate.id === id)?.label ?? id;

/**
 * Returns whether the link of a mention agrees with its annotation (a gold entity or NIL), or undefined if `gold` is
 * undefined.
 */
export function isAsAnnotated({ entity }: MentionLink, gold: Gold | undefined): boolean | undefined {
  return gold && entity?.id === goldId({ gold });
}

const fullNameBadge = ({ with: full }: MentionLink): Markup =>
  full === undefined ? html`` : html`<span class="badge">same person as <bdi>${full.text}</bdi></span>`;

const movedBadge = ({ independent }: MentionLink): Markup =>
  independent === undefined
    ? html``
    : html`<span class="badge changed">on its own: <bdi>${independent.label}</bdi></span>`;

const reason = ({ because }: MentionLink): Markup =>
  because === undefined
    ? html``
    : html`<p class="why"><bdi>${because}</bdi></p>
`;

/**
 * Returns a badge that shows how the mention is linked without the caption's picture. Returns empty markup if the
 * linked label is the same with and without the picture, or if `blind` is undefined.
 */
function blindBadge(link: MentionLink, blind: MentionLink | undefined): Markup {
  if (blind === undefined || nameOf(blind) === nameOf(link)) return html``;
  return html`<span class="badge changed">without the picture: <bdi>${nameOf(blind)}</bdi></span>`;
}

/** Returns the label of the linked entity, or "NIL". */
export const nameOf = ({ entity }: MentionLink): string => entity?.label ?? "NIL";

/**
 * Returns list items with the candidates of a mention. Each item shows the candidate's scores without and with the
 * influence of the caption's other mentions.
 */
export function candidateRows(
  candidates: readonly RankedCandidate[],
  pictures: EmbeddedPictures,
): readonly Markup[] {
  const top = Math.max(...candidates.flatMap(({ match, score }) => [match ?? 0, score]), 1e-9);
  const pictured = candidates.some(({ entity }) => entity.images.some((path) => pictures.has(path)));
  const picture = ({ images, label }: Entity): Markup =>
    pictured ? (pictureOf(images, pictures, label) ?? html`<span class="picture none"></span>`) : html``;
  return candidates.map((candidate, index) => candidateRow(candidate, index, top, picture(candidate.entity)));
}

function candidateRow(candidate: RankedCandidate, index: number, top: number, picture: Markup): Markup {
  const { entity, match, score } = candidate;
  return html`<li>${picture}<div><div class="row"><span class="${index === 0 ? "first" : ""}"><bdi>${entity.label}</bdi></span>
<span class="figure">${figures(candidate)}</span></div>
<p class="about">${aboutEntity(entity)}</p>${match === null ? html`` : bar(match, score, top)}</div></li>
`;
}

/**
 * Returns the scores and the probability of a candidate. The scores are `own → total` (without and with the influence
 * of the caption's other mentions), or one number if both are equal. For a candidate without a match score, returns
 * "ruled out early" instead of the scores.
 */
function figures({ match, score, probability }: RankedCandidate): string {
  const [own, total] = [match?.toFixed(2), score.toFixed(2)];
  const scores = own === undefined ? "ruled out early" : own === total ? total : `${own} → ${total}`;
  return probability === null ? scores : `${scores} · ${percent(probability)}`;
}

/** Returns one line about an entity: its description, or else its first properties, or else its id. */
export function aboutEntity({ description, properties, id }: Entity): string {
  if (description !== undefined) return description;
  const facts = Object.entries(properties).slice(0, 4);
  if (facts.length === 0) return id;
  return facts.map(([name, values]) => `${name}: ${values.slice(0, 3).join(", ")}`).join(" · ");
}

function bar(match: number, score: number, top: number): Markup {
  const [own, total] = [match, score].map((value) => Math.max(0, Math.min(100, (100 * value) / top))) as [
    number,
    number,
  ];
  return html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="${match.toFixed(2)} on its own, ${score.toFixed(2)} in total"><rect class="rail" width="100" height="4"/><rect class="${total < own ? "lost" : "after"}" width="${Math.max(own, total).toFixed(1)}" height="4"/><rect class="before" width="${Math.min(own, total).toFixed(1)}" height="4"/></svg>`;
}

/** Formats a probability as a percentage. Only a probability of exactly 1 is shown as 100 %. */
function percent(probability: number): string {
  const isAlmostOne = probability >= 0.995 && probability < 1;
  return isAlmostOne
    ? `${Math.min(99.9, 100 * probability).toFixed(1)} %`
    : `${Math.round(100 * probability)} %`;
}
