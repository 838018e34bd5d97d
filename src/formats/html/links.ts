import { type Caption, type CaptionLinks, type Gold, goldId, type MentionLink } from "../../core/index.js";
import { candidateRows, percent } from "./candidate.js";
import { html, type Markup } from "./escape.js";
import { page } from "./page.js";
import { type EmbeddedPictures, pictureOf } from "./picture.js";

/** A caption beside the links made of it. */
export interface LinkedCaption {
  readonly caption: Caption;
  readonly links: CaptionLinks;
  /** The links made of it without its picture, to be compared. */
  readonly blind?: CaptionLinks;
}

export interface LinksPageOptions {
  /** Small copies of the pictures of captions and entities. */
  readonly pictures?: EmbeddedPictures | undefined;
  /** A sentence more at the top. */
  readonly remark?: string;
  /** Who made the pictures, at the end. */
  readonly credits?: Markup;
}

/** The paths of the pictures that the page of some links shows, in the page's order. */
export function picturePaths(linked: readonly LinkedCaption[]): string[] {
  return linked.flatMap(({ caption, links }) => [
    ...(caption.image === undefined ? [] : [caption.image]),
    ...links.mentions.flatMap(({ candidates }) =>
      candidates.flatMap(({ entity }) => entity.images.slice(0, 1)),
    ),
  ]);
}

/** A page that shows every caption, its names in the text, and their candidates with the scores before → after. */
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
  const early = unscored ? " · sorted out early: the first stage gave it no chance" : "";
  return page({
    title,
    lead:
      first === undefined
        ? "No caption came in."
        : `Model ${first.model}, knowledge base ${first.kb}. ${remark}`.trim(),
    body: html`<div class="tiles">
${tile(linked.length, "captions")}${tile(mentions.length, "mentions")}${tile(mentions.length - nils, "linked")}${tile(nils, "not in the knowledge base (NIL)")}${tile(moved, "decided by the other mentions")}
</div>
<p class="legend"><i style="background:var(--before)"></i>the name's own score <i style="background:var(--after)"></i>added by the caption's other names${early}</p>
${linked.map((one) => captionCard(one, pictures))}
${credits}`,
  });
}

const tile = (figure: number, words: string): Markup =>
  html`<div class="tile"><b>${figure}</b><span>${words}</span></div>`;

function captionCard({ caption, links, blind }: LinkedCaption, pictures: EmbeddedPictures): Markup {
  return html`<section class="card" id="${caption.id}">
<div class="pictured">${captionPicture(caption, pictures)}<p class="caption" dir="auto"${languageOf(caption)}>${marked(caption)}</p></div>
<div class="mentions">${links.mentions.map((link, at) => mentionBlock(link, caption.mentions[at]?.gold, blind?.mentions[at], pictures))}</div>
</section>
`;
}

const languageOf = ({ language }: Caption): Markup =>
  language === undefined ? html`` : html` lang="${language}"`;

/** The picture of a caption, if the page holds it. */
export function captionPicture({ image, text }: Caption, pictures: EmbeddedPictures): Markup | undefined {
  return image === undefined ? undefined : pictureOf([image], pictures, `the picture of: ${text}`);
}

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

function mentionBlock(
  link: MentionLink,
  gold: Gold | undefined,
  blind: MentionLink | undefined,
  pictures: EmbeddedPictures,
): Markup {
  return html`<div>
<h3><bdi>${link.text}</bdi> → ${outcomeWords(link)} ${verdict(link, gold)}${movedBadge(link)}${blindBadge(link, blind)}</h3>
<ol class="candidates">${candidateRows(link.candidates, pictures)}</ol>
${link.candidates.length === 0 ? html`<p class="about">No entity of the knowledge base has a name like this.</p>` : html``}
</div>`;
}

function outcomeWords({ entity, probability }: MentionLink): Markup {
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

/** Whether a mention was linked to what the annotator said; undefined when nobody annotated it. */
export function isAsAnnotated({ entity }: MentionLink, gold: Gold | undefined): boolean | undefined {
  return gold && entity?.id === goldId({ gold });
}

const movedBadge = ({ independent }: MentionLink): Markup =>
  independent === undefined
    ? html``
    : html`<span class="badge changed">on its own: <bdi>${independent.label}</bdi></span>`;

/** What the name would have been linked to without the caption's picture. */
function blindBadge(link: MentionLink, blind: MentionLink | undefined): Markup {
  if (blind === undefined || nameOf(blind) === nameOf(link)) return html``;
  return html`<span class="badge changed">without the picture: <bdi>${nameOf(blind)}</bdi></span>`;
}

/** The label of what a mention was linked to. */
export const nameOf = ({ entity }: MentionLink): string => entity?.label ?? "NIL";
