import { type Caption, counted, limits, percent } from "../core/index.js";
import {
  captionList,
  type EmbedPictures,
  html,
  type LinkedCaption,
  listScript,
  type Markup,
  pageEnd,
  pageStart,
} from "../formats/html/index.js";
import { collaborationSection } from "./collaboration.js";
import type { Evaluation, EvaluationResult } from "./evaluate.js";
import { type Group, groupsOf } from "./metrics.js";
import { confidentMistakes, mistakeCard, picturesOf } from "./mistakes.js";
import { hitsPlot, intervalPlot, reliabilityPlot } from "./plots.js";
import type { MentionRecord } from "./records.js";

/** Maximum number of mistakes on the page. */
const MISTAKES = 20;

export interface EvaluationPageOptions {
  /** Without this option, the page has no pictures. */
  readonly embed?: EmbedPictures | undefined;
  /** Additional sentence at the top of the page. */
  readonly remark?: string | undefined;
}

/**
 * Yields the parts of a self-contained HTML page with the figures of an evaluation, plots, the most confident mistakes,
 * and a list of all captions.
 */
export async function* evaluationPage(
  { result, records }: Evaluation,
  { embed, remark = "" }: EvaluationPageOptions = {},
): AsyncGenerator<string> {
  const script = await listScript();
  const groups = groupsOf(result);
  const mistakes = confidentMistakes(records, MISTAKES);
  const pictures = (await embed?.(mistakes.flatMap(picturesOf))) ?? new Map();
  yield pageStart({
    script,
    title: `${percent(result.all.top1)} Top-1 on ${counted(result.all.mentions, "mention")}`,
    lead: `Model ${result.model}, knowledge base ${result.kb} with ${counted(result.kbEntities, "entity", "entities")}; protocol “${result.protocol}”: ${RANKED_CANDIDATES[result.protocol]} ${remark}`.trim(),
  });
  yield html`${tiles(result)}
<h2>Results</h2>
<div class="wide" tabindex="0">${figuresTable(groups)}</div>
<p class="soft">Tied candidates get their expected rank. A gold entity that is not among the candidates counts as a miss, with reciprocal rank 0 and no rank. The 95 % confidence intervals are bootstrapped over captions.</p>
<figure>${await intervalPlot(groups)}</figure>
<figure>${await hitsPlot(records)}<figcaption>Share of mentions whose gold entity is among the first k candidates, ranked by the model (solid) or by the name score alone (dashed).</figcaption></figure>
${result.calibration === undefined ? html`` : html`<figure>${await reliabilityPlot(result.calibration)}<figcaption>Accuracy of the outcomes by their predicted probability. On the diagonal, accuracy and probability are equal. Expected calibration error: ${percent(result.calibration.ece)}; Brier score: ${result.calibration.brier.toFixed(3)}. Coverage at 95 % accuracy: ${percent(result.calibration.coverageAt95)} (the largest share of most probable outcomes that is still at least 95 % correct).</figcaption></figure>`}
${collaborationSection(result.collaboration)}
<h2>The ${mistakes.length} most confident mistakes</h2>
${mistakes.map((record) => mistakeCard(record, pictures))}
<h2>All captions</h2>`.markup;
  yield* captionList(linkedCaptions(result, records), embed);
  yield pageEnd(script);
}

/** Yields each caption with the links of its annotated mentions. */
function* linkedCaptions(
  { model, kb }: EvaluationResult,
  records: readonly MentionRecord[],
): Generator<LinkedCaption> {
  const byCaption = new Map<Caption, MentionRecord[]>();
  for (const record of records) {
    const own = byCaption.get(record.caption) ?? [];
    byCaption.set(record.caption, own);
    own.push(record);
  }
  for (const [caption, own] of byCaption)
    yield {
      caption: { ...caption, mentions: own.map(({ mention }) => caption.mentions[mention]!) },
      links: { id: caption.id, mentions: own.map(({ link }) => link), model, kb },
    };
}

const RANKED_CANDIDATES = {
  retrieval: "the gold entity is ranked among the retrieved candidates.",
  paper:
    "the gold entity is ranked among the retrieved candidates; if it was not retrieved, it is added as the last candidate.",
  full: "the gold entity is ranked among all entities of the knowledge base.",
} as const;

function tiles({
  all,
  recall,
  linkedAccuracy,
  nil,
  mentionsPerSecond,
  goldNotInKb,
}: EvaluationResult): Markup {
  const tile = (figure: string, label: string): Markup =>
    html`<div class="tile"><b>${figure}</b><span>${label}</span></div>`;
  return html`<div class="tiles">
${tile(percent(all.top1), "Top-1")}${tile(percent(recall["100"]), "candidate recall at 100")}${tile(percent(linkedAccuracy), "correct outcomes, including NIL")}
${nil.recall === null ? html`` : tile(percent(nil.f1), "F1 of NIL")}${tile(String(goldNotInKb), "gold entities not in the knowledge base")}${tile(mentionsPerSecond.toFixed(0), "mentions per second")}
</div>`;
}

function figuresTable(groups: readonly Group[]): Markup {
  return html`<table><thead><tr><td></td><th>mentions</th><th>Top-1</th><th>95 % interval</th><th>Top-5</th><th>Top-10</th><th>Top-20</th><th>MRR</th><th>mean rank</th><th>misses</th></tr></thead>
<tbody>${groups.map(figuresRow)}</tbody></table>`;
}

function figuresRow({ name, figures: f }: Group): Markup {
  return html`<tr><td>${name}</td><td>${f.mentions}</td><td>${percent(f.top1)}</td><td>${limits(f.interval95.top1)}</td><td>${percent(f.top5)}</td><td>${percent(f.top10)}</td><td>${percent(f.top20)}</td><td>${f.mrr?.toFixed(3) ?? "–"}</td><td>${f.meanRank?.toFixed(2) ?? "–"}</td><td>${f.misses}</td></tr>`;
}
