import type { Entity, RankedCandidate } from "../core/index.js";
import {
  anchorAddress,
  type EmbeddedPictures,
  entityLink,
  html,
  type Markup,
  markedText,
  percent,
  pictureElement,
} from "../formats/html/index.js";
import { entitySummary } from "../formats/index.js";
import { isCorrect, type MentionRecord } from "./records.js";

/**
 * Returns the `limit` most confident wrong outcomes, most confident first. The confidence is the probability of the
 * outcome. Without probabilities, it is the score of the first candidate minus the score of the gold entity or, if the
 * gold entity is not a candidate, of the second candidate.
 */
export function confidentMistakes(
  records: readonly MentionRecord[],
  limit: number,
): readonly MentionRecord[] {
  return records
    .filter((record) => !isCorrect(record))
    .map((record) => ({ record, confidence: record.link.probability ?? leadOf(record) }))
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, limit)
    .map(({ record }) => record);
}

function leadOf({ link, goldCandidate }: MentionRecord): number {
  const [first, second] = link.candidates;
  return (first?.score ?? 0) - (goldCandidate?.score ?? second?.score ?? 0);
}

/** Returns the paths of the pictures that a mistake's card shows. */
export function picturesOf(record: MentionRecord): string[] {
  const { caption, goldEntity } = record;
  return [
    ...(caption.image === undefined ? [] : [caption.image]),
    ...(predictedOf(record)?.entity.images.slice(0, 1) ?? []),
    ...(goldEntity?.images.slice(0, 1) ?? []),
  ];
}

const predictedOf = ({ link }: MentionRecord): RankedCandidate | undefined =>
  link.outcome === "linked" ? link.candidates[0] : undefined;

/** Renders the card of a mistake, with the caption, the predicted entity and the gold entity. */
export function mistakeCard(record: MentionRecord, pictures: EmbeddedPictures): Markup {
  const { caption, gold, goldEntity, goldCandidate, rank } = record;
  const mention = caption.mentions[record.mention]!;
  const predicted = predictedOf(record);
  const goldName =
    gold.kind === "nil"
      ? html`NIL`
      : goldEntity === undefined
        ? html`<bdi>${gold.id}</bdi>, not in the knowledge base`
        : entityLink(goldEntity);
  return html`<section class="card">
<p class="anchor"><a href="${anchorAddress(caption.id)}" title="Show the caption in the list"><bdi>${caption.id}</bdi></a></p>
<div class="pictured">${pictureFor(caption.image, pictures, `picture of the caption: ${caption.text}`)}<p class="caption" dir="auto">${markedText(caption.text, [mention.span ?? {}])}</p></div>
<h3><bdi>${mention.text}</bdi></h3>
<div class="mentions">
<div class="who">${entityPicture(predicted?.entity, pictures)}<div><span class="badge bad">predicted</span> <b>${predicted === undefined ? html`NIL` : entityLink(predicted.entity)}</b>${percentage(record.link.probability)}${entityLines(predicted?.entity)}${scoreLine(predicted)}</div></div>
<div class="who">${entityPicture(goldEntity, pictures)}<div><span class="badge good">gold</span> <b>${goldName}</b>${goldCandidate === undefined ? html`` : percentage(goldCandidate.probability)}${entityLines(goldEntity)}${goldCandidate === undefined ? html`<p class="figure">${gold.kind === "nil" ? "" : "not among the candidates"}</p>` : scoreLine(goldCandidate, rank)}</div></div>
</div>
${featureTable(predicted, goldCandidate)}
</section>
`;
}

const pictureFor = (path = "", pictures: EmbeddedPictures, alt: string): Markup | undefined =>
  pictureElement(pictures.get(path), alt);

const entityPicture = (entity: Entity | undefined, pictures: EmbeddedPictures): Markup | undefined =>
  entity && pictureFor(entity.images[0], pictures, entity.label);

const percentage = (probability: number | null): Markup =>
  probability === null ? html`` : html` <span class="figure">${percent(probability)}</span>`;

const entityLines = (entity: Entity | undefined): Markup =>
  entity === undefined ? html`` : html`<p class="about">${entity.id} · ${entitySummary(entity)}</p>`;

function scoreLine(candidate: RankedCandidate | undefined, rank?: number): Markup {
  if (candidate === undefined) return html``;
  const place = rank === undefined ? "" : `rank ${Number.isInteger(rank) ? rank : rank.toFixed(1)}, `;
  const { match, collaborative, score } = candidate;
  if (match === null) return html`<p class="figure">${place}ruled out by the first stage</p>`;
  const added =
    collaborative === 0
      ? ""
      : `, from the other names ${collaborative.toFixed(3)}, score ${score.toFixed(3)}`;
  return html`<p class="figure">${place}match ${match.toFixed(3)}${added}</p>`;
}

/** Renders a table of the score parts that differ most between the predicted and the gold entity. */
function featureTable(predicted: RankedCandidate | undefined, gold: RankedCandidate | undefined): Markup {
  const [a, b] = [predicted?.explain, gold?.explain];
  if (a === undefined || b === undefined) return html``;
  const rows = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((name) => ({ name, a: a[name] ?? 0, b: b[name] ?? 0 }))
    .filter((row) => Math.abs(row.a - row.b) > 1e-3)
    .sort((x, y) => Math.abs(y.a - y.b) - Math.abs(x.a - x.b))
    .slice(0, 8);
  if (rows.length === 0) return html``;
  return html`<details><summary class="soft">features that differ most</summary><div class="wide" tabindex="0"><table><thead><tr><th>feature</th><th>predicted</th><th>gold</th></tr></thead><tbody>${rows.map((row) => html`<tr><td>${row.name}</td><td>${row.a.toFixed(2)}</td><td>${row.b.toFixed(2)}</td></tr>`)}</tbody></table></div></details>`;
}
