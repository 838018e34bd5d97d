import type { EvaluationResult } from "./evaluate.js";
import type { Figures } from "./figures.js";

/** A named group of figures, such as the captions with several mentions. */
export interface Group {
  readonly name: string;
  readonly figures: Figures;
}

/** The groups of mentions that an evaluation tells apart, those without any left out. */
export function groupsOf(result: EvaluationResult): readonly Group[] {
  const { all, single, multi, seenInTraining, unseenInTraining } = result;
  const groups: [string, Figures | undefined][] = [
    ["all", all],
    ["single-mention", single],
    ["multi-mention", multi],
    ["seen in training", seenInTraining],
    ["unseen in training", unseenInTraining],
  ];
  return groups.flatMap(([name, figures]) => (figures && figures.mentions > 0 ? [{ name, figures }] : []));
}
