import type { Entity, RankedCandidate } from "../core/index.js";
import { aboutEntity, html, type Markup, marked, page } from "../formats/html/index.js";
import type { Evaluation, EvaluationResult } from "./evaluate.js";
import { type Group, groupsOf } from "./groups.js";
import { hitsPlot, intervalPlot, reliabilityPlot } from "./plots.js";
import { isCorrect, type MentionRecord } from "./records.js";

const MISTAKES = 20;

/** The evaluation as a page that stands alone: figures, plots and the most confident mistakes. */
export async function evaluationPage({ result, records }: Evaluation): Promise<string> {
  const groups = groupsOf(result);
  const mistakes = confidentMistakes(records, MISTAKES);
  return page({
    title: `${share(result.all.top1)} Top-1 on ${result.all.mentions} mentions`,
    lead: `Model ${result.model}, knowledge base ${result.kb} with ${result.kbEntities} entities; protocol “${result.protocol}”: ${PROTOCOL_WORDS[result.protocol]}`,
    body: html`${tiles(result)}
<h2>Figures</h2>
<div class="wide">${figuresTable(groups)}</div>
<p class="soft">Expected rank among equals; a gold entity that was not retrieved is a miss with reciprocal rank 0 and no rank. Intervals: 95 %, bootstrap over captions.</p>
<figure>${await intervalPlot(groups)}</figure>
<figure>${await hitsPlot(records)}<figcaption>How often the gold entity is among the first k: by the model (solid) and by the name score alone (dashed).</figcaption></figure>
${result.calibration === undefined ? html`` : html`<figure>${await reliabilityPlot(result.calibration)}<figcaption>How often outcomes of a probability are right; on the diagonal as often as they say. Expected calibration error ${share(result.calibration.ece)}, Brier score ${result.calibration.brier.toFixed(3)}; of the surest ${share(result.calibration.coverageAt95)}, 95 % are right.</figcaption></figure>`}
<h2>The ${mistakes.length} most confident mistakes</h2>
${mistakes.map(mistakeCard)}`,
  });
}

const PROTOCOL_WORDS = {
  retrieval: "the candidates as retrieved.",
  paper: "the candidates as retrieved, gold in place of the last one where it is missing.",
  full: "every entity of the knowledge base.",
} as const;

function tiles({
  all,
  recall,
  linkedAccuracy,
  nil,
  mentionsPerSecond,
  goldNotInKb,
}: EvaluationResult): Markup {
  const tile = (figure: string, words: string): Markup =>
    html`<div class="tile"><b>${figure}</b><span>${words}</span></div>`;
  return html`<div class="tiles">
${tile(share(all.top1), "Top-1")}${tile(share(recall["100"]), "candidate recall at 100")}${tile(share(linkedAccuracy), "outcomes right, NIL counted")}
${nil.recall === null ? html`` : tile(share(nil.f1), "F1 of NIL")}${tile(String(goldNotInKb), "gold not in the knowledge base")}${tile(mentionsPerSecond.toFixed(0), "mentions a second")}
</div>`;
}

function figuresTable(groups: readonly Group[]): Markup {
  return html`<table><thead><tr><th></th><th>mentions</th><th>Top-1</th><th>95 %</th><th>Top-5</th><th>Top-10</th><th>Top-20</th><th>MRR</th><th>mean rank</th><th>misses</th></tr></thead>
<tbody>${groups.map(figuresRow)}</tbody></table>`;
}

function figuresRow({ name, figures: f }: Group): Markup {
  const [low, high] = f.interval95.top1 ?? [null, null];
  return html`<tr><td>${name}</td><td>${f.mentions}</td><td>${share(f.top1)}</td><td>${share(low)} – ${share(high)}</td><td>${share(f.top5)}</td><td>${share(f.top10)}</td><td>${share(f.top20)}</td><td>${f.mrr?.toFixed(3) ?? "–"}</td><td>${f.meanRank?.toFixed(2) ?? "–"}</td><td>${f.misses}</td></tr>`;
}

/** Wrong outcomes, those first whose winner leads the next one (or gold) by most. */
export function confidentMistakes(
  records: readonly MentionRecord[],
  limit: number,
): readonly MentionRecord[] {
  return records
    .filter((record) => !isCorrect(record))
    .map((record) => ({ record, lead: leadOf(record) }))
    .sort((a, b) => b.lead - a.lead)
    .slice(0, limit)
    .map(({ record }) => record);
}

function leadOf({ link, goldCandidate }: MentionRecord): number {
  const [first, second] = link.candidates;
  return (first?.score ?? 0) - (goldCandidate?.score ?? second?.score ?? 0);
}

function mistakeCard(record: MentionRecord): Markup {
  const { caption, link, gold, goldEntity, goldCandidate, rank } = record;
  const predicted = link.outcome.kind === "linked" ? link.candidates[0] : undefined;
  const goldWords =
    gold.kind === "nil" ? "NIL" : (goldEntity?.label ?? `${gold.id}, not in the knowledge base`);
  return html`<section class="card">
<p class="caption" dir="auto">${marked({ ...caption, mentions: [link.mention] })}</p>
<h3><bdi>${link.mention.text}</bdi></h3>
<div class="mentions">
<div><span class="badge bad">predicted</span> <b><bdi>${predicted?.entity.label ?? "NIL"}</bdi></b>${entityLines(predicted?.entity)}${scoreLine(predicted)}</div>
<div><span class="badge good">gold</span> <b><bdi>${goldWords}</bdi></b>${entityLines(goldEntity)}${goldCandidate === undefined ? html`<p class="figure">${gold.kind === "nil" ? "" : "not among the candidates"}</p>` : scoreLine(goldCandidate, rank)}</div>
</div>
${featureTable(predicted, goldCandidate)}
</section>
`;
}

const entityLines = (entity: Entity | undefined): Markup =>
  entity === undefined ? html`` : html`<p class="about">${entity.id} · ${aboutEntity(entity)}</p>`;

function scoreLine(candidate: RankedCandidate | undefined, rank?: number): Markup {
  if (candidate === undefined) return html``;
  const place = rank === undefined ? "" : `rank ${Number.isInteger(rank) ? rank : rank.toFixed(1)}, `;
  return html`<p class="figure">${place}match ${candidate.match?.toFixed(3) ?? "–"}, from the other names ${candidate.collaborative.toFixed(3)}, score ${candidate.score.toFixed(3)}</p>`;
}

/** The parts of the two scores that differ most. */
function featureTable(predicted: RankedCandidate | undefined, gold: RankedCandidate | undefined): Markup {
  const [a, b] = [predicted?.explain, gold?.explain];
  if (a === undefined || b === undefined) return html``;
  const rows = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((name) => ({ name, a: a[name] ?? 0, b: b[name] ?? 0 }))
    .filter((row) => Math.abs(row.a - row.b) > 1e-3)
    .sort((x, y) => Math.abs(y.a - y.b) - Math.abs(x.a - x.b))
    .slice(0, 8);
  if (rows.length === 0) return html``;
  return html`<details><summary class="soft">what made the difference</summary><div class="wide"><table><thead><tr><th>feature</th><th>predicted</th><th>gold</th></tr></thead><tbody>${rows.map((row) => html`<tr><td>${row.name}</td><td>${row.a.toFixed(2)}</td><td>${row.b.toFixed(2)}</td></tr>`)}</tbody></table></div></details>`;
}

const share = (value: number | null): string => (value === null ? "–" : `${(100 * value).toFixed(1)} %`);
