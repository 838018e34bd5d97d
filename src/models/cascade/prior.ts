import type { MentionScores } from "../model.js";

/** Below this a first stage says no more than "hardly": e^-30. */
const LEAST = -30;

/**
 * What a first stage contributes to a match logit: log m of each candidate. Where it trained as a softmax this is its
 * score up to a constant a mention, which no softmax over the mention's candidates sees.
 */
export function priorsOf({ match }: Pick<MentionScores<unknown>, "match">): number[] {
  return match.map((m) => (m === undefined ? LEAST : Math.max(LEAST, Math.log(m))));
}
