import { webAddress } from "../web-address.js";
import { html, type Markup, pictureElement } from "./markup.js";
import type { ShownCaption, ShownEntity, ShownMention, ShownRow } from "./page-data.js";

/** Where a card finds the entities and pictures of a page, by number. */
export interface CardParts {
  readonly entities: readonly ShownEntity[];
  /** Returns the `data:` URL of a picture. */
  readonly pictures: (number: number | undefined) => string | undefined;
}

/** Returns the id of a caption's card in the page. */
export const anchorOf = (captionId: string): string =>
  `caption-${captionId.replace(/\p{Surrogate}/gu, "\ufffd")}`; // unpaired surrogates cannot be in an address

/** Returns the address of a caption's card within the page. */
export const anchorAddress = (captionId: string): string => `#${encodeURIComponent(anchorOf(captionId))}`;

/** Renders a caption with its marked mentions and, for each mention, the possible referents with probabilities. */
export function captionCard(caption: ShownCaption, parts: CardParts): Markup {
  const { id, text, language, picture } = caption;
  const lang = language === undefined ? html`` : html` lang="${language}"`;
  return html`<section class="card" id="${anchorOf(id)}" tabindex="-1">
<p class="anchor"><a href="${anchorAddress(id)}" title="Link to this caption"><bdi>${id}</bdi></a></p>
<div class="pictured">${pictureElement(parts.pictures(picture), `picture of the caption: ${text}`)}<p class="caption" dir="auto"${lang}>${markedText(text, caption.mentions)}</p></div>
<div class="mentions">${caption.mentions.map((mention) => mentionBlock(mention, parts))}</div>
</section>
`;
}

interface Place {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/**
 * Returns a text with some places marked. If places overlap, only the one that starts first is marked; if several start
 * at the same position, only the longest.
 */
export function markedText(text: string, places: readonly Place[]): Markup {
  const spans = places.flatMap(({ start, end }) =>
    start === undefined || end === undefined ? [] : [{ start, end }],
  );
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

function mentionBlock(mention: ShownMention, parts: CardParts): Markup {
  const { text, link, because, rows } = mention;
  const isPictured = rows.some(
    ({ entity }) => entity !== null && parts.entities[entity]?.picture !== undefined,
  );
  return html`<div>
<h3><bdi>${text}</bdi> → <bdi>${link}</bdi> ${badges(mention)}</h3>
${because === undefined ? html`` : html`<p class="because"><bdi>${because}</bdi></p>`}<ol class="candidates">${rows.map((row) => candidateRow(row, parts, isPictured))}</ol>
${scoreTable(rows, parts)}</div>`;
}

function badges({ gold, right, full, alone, blind }: ShownMention): readonly Markup[] {
  const badge = (kind: string, text: string, name = ""): Markup =>
    html`<span class="badge ${kind}">${text}<bdi>${name}</bdi></span> `;
  return [
    ...(gold === undefined
      ? []
      : [right ? badge("good", "✓ as annotated") : badge("bad", "✗ annotated: ", gold)]),
    ...(full === undefined ? [] : [badge("", "same person as ", full)]),
    ...(alone === undefined ? [] : [badge("changed", "on its own: ", alone)]),
    ...(blind === undefined ? [] : [badge("changed", "without the picture: ", blind)]),
  ];
}

function candidateRow(row: ShownRow, { entities, pictures }: CardParts, isPictured: boolean): Markup {
  const { entity: number, probability, atMost, proposed } = row;
  const entity = number === null ? undefined : entities[number];
  const label = entity === undefined ? html`not in the knowledge base (NIL)` : entityLink(entity);
  const image =
    pictureElement(pictures(entity?.picture), entity?.label ?? "") ??
    (isPictured ? html`<span class="picture none"></span>` : html``);
  const figure = probability === null ? "" : `${atMost ? "≤ " : ""}${percent(probability)}`;
  return html`<li>${image}<div><div class="row"><span class="${proposed ? "first" : ""}">${label}</span>
<span class="figure">${figure}</span></div>
${entity === undefined ? html`` : html`<p class="about"><bdi>${entity.about}</bdi></p>`}${probability === null ? html`` : bar(probability)}</div></li>
`;
}

/** Returns the label of an entity, as a link if the entity has an http or https URL. */
export function entityLink({ label, url }: { readonly label: string; readonly url?: string }): Markup {
  const name = html`<bdi>${label}</bdi>`;
  const address = webAddress(url);
  return address === undefined
    ? name
    : html`<a href="${address}" target="_blank" rel="noopener noreferrer">${name}</a>`;
}

/** Renders a bar on the scale from 0 to 1. */
const bar = (probability: number): Markup =>
  html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="100" height="4"/><rect class="part" width="${(100 * probability).toFixed(1)}" height="4"/></svg>`;

/** Renders the scores behind the probabilities, closed at first. Returns empty markup if no row has scores. */
function scoreTable(rows: readonly ShownRow[], { entities }: CardParts): Markup {
  const scored = rows.flatMap(({ entity, scores, rank }) =>
    scores === undefined || entity === null ? [] : [{ label: entities[entity]?.label ?? "", scores, rank }],
  );
  if (scored.length === 0) return html``;
  const change = ([match, score]: readonly [number | null, number]): number =>
    match === null ? 0 : score - match;
  const isMoved = scored.some(({ rank }) => rank !== undefined);
  const isChanged = isMoved || scored.some(({ scores }) => Math.abs(change(scores)) >= 0.005);
  const columns = [
    ...(isChanged ? ["on its own", "other names add", "score"] : ["score"]),
    ...(isMoved ? ["rank on its own"] : []),
  ];
  const cells = ({ scores, rank }: (typeof scored)[number]): readonly string[] => {
    const [match, score] = scores;
    if (match === null) return columns.map((_, i) => (i === 0 ? "ruled out early" : ""));
    const before = isChanged ? [match.toFixed(2), signed(change(scores))] : [];
    return [...before, score.toFixed(2), ...(isMoved ? [rank === undefined ? "" : String(rank)] : [])];
  };
  return html`<details class="why"><summary>why</summary><div class="wide" tabindex="0"><table><thead><tr><td></td>${columns.map((name) => html`<th>${name}</th>`)}</tr></thead>
<tbody>${scored.map((row) => html`<tr><td><bdi>${row.label}</bdi></td>${cells(row).map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div></details>`;
}

const signed = (change: number): string =>
  Math.abs(change) < 0.005 ? "0" : `${change < 0 ? "−" : "+"}${Math.abs(change).toFixed(2)}`;

/** Formats a probability as a percentage. Only a probability of exactly 1 is shown as 100 %. */
export function percent(probability: number): string {
  const isAlmostOne = probability >= 0.995 && probability < 1;
  return isAlmostOne
    ? `${Math.min(99.9, 100 * probability).toFixed(1)} %`
    : `${Math.round(100 * probability)} %`;
}
