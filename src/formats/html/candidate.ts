import type { Entity, RankedCandidate } from "../../core/index.js";
import { html, type Markup } from "./escape.js";
import { type EmbeddedPictures, pictureOf } from "./picture.js";

/** Candidates with their scores before → after the caption's other names were heard. */
export function candidateRows(
  candidates: readonly RankedCandidate[],
  pictures: EmbeddedPictures,
): readonly Markup[] {
  const top = Math.max(...candidates.map(({ score }) => score), 1e-9);
  const pictured = candidates.some(({ entity }) => entity.images.some((path) => pictures.has(path)));
  const picture = ({ images, label }: Entity): Markup =>
    pictured ? (pictureOf(images, pictures, label) ?? html`<span class="picture none"></span>`) : html``;
  return candidates.map((candidate, at) => candidateRow(candidate, at, top, picture(candidate.entity)));
}

function candidateRow(candidate: RankedCandidate, at: number, top: number, picture: Markup): Markup {
  const { entity, match, score } = candidate;
  return html`<li>${picture}<div><div class="row"><span class="${at === 0 ? "first" : ""}"><bdi>${entity.label}</bdi></span>
<span class="figure">${figures(candidate)}</span></div>
<p class="about">${aboutEntity(entity)}</p>${match === null ? html`` : bar(match, score, top)}</div></li>
`;
}

/** `before → after`, or one score where nothing was added; a candidate that only the first stage saw has neither. */
function figures({ match, score, probability }: RankedCandidate): string {
  const [before, after] = [match?.toFixed(2), score.toFixed(2)];
  const scores =
    before === undefined ? "sorted out early" : before === after ? after : `${before} → ${after}`;
  return probability === null ? scores : `${scores} · ${percent(probability)}`;
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

export const percent = (share: number): string => `${(100 * share).toFixed(share > 0.995 ? 1 : 0)} %`;
