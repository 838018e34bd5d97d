import { type EvaluationResult, type Figures, groupsOf } from "../evaluation/index.js";
import { percent } from "./percent.js";
import { table } from "./table.js";

/** The figures of an evaluation for a terminal. */
export function evaluationTable(result: EvaluationResult): string {
  const { recall, nil, calibration } = result;
  const rows = groupsOf(result).map(({ name, figures }) => row(name, figures));
  const nilLine =
    nil.recall === null
      ? ""
      : `NIL: precision ${percent(nil.precision)}, recall ${percent(nil.recall)}, F1 ${percent(nil.f1)}\n`;
  const calibrationLine =
    calibration === undefined
      ? ""
      : `probabilities: expected calibration error ${percent(calibration.ece)}, Brier score ${calibration.brier.toFixed(3)}, 95 % right for the surest ${percent(calibration.coverageAt95)}\n`;
  return `protocol ${result.protocol}, model ${result.model}, knowledge base ${result.kb} (${result.kbEntities} entities)
${result.captions} captions, ${result.mentions} mentions in ${result.seconds.toFixed(1)} s (${result.mentionsPerSecond.toFixed(0)} a second)
candidate recall at 1/10/100: ${percent(recall["1"])} ${percent(recall["10"])} ${percent(recall["100"])}; gold not in the knowledge base: ${result.goldNotInKb}
outcomes right, NIL counted: ${percent(result.linkedAccuracy)}
${nilLine}${calibrationLine}
${table(["", "mentions", "Top-1", "95 %", "Top-5", "Top-10", "Top-20", "MRR", "mean rank", "misses"], rows)}`;
}

function row(name: string, figures: Figures): string[] {
  const [low, high] = figures.interval95.top1 ?? [null, null];
  return [
    name,
    String(figures.mentions),
    percent(figures.top1),
    `${percent(low)} – ${percent(high)}`,
    percent(figures.top5),
    percent(figures.top10),
    percent(figures.top20),
    figures.mrr?.toFixed(3) ?? "–",
    figures.meanRank?.toFixed(2) ?? "–",
    String(figures.misses),
  ];
}
