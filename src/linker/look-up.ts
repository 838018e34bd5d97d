import type { CandidateSource } from "../candidates/index.js";
import type { Caption, CaptionCandidates } from "../core/index.js";

/** The candidates of every mention of the captions; a name that occurs several times is looked up once. */
export async function lookUp(
  source: CandidateSource,
  captions: readonly Caption[],
  limit: number,
): Promise<readonly CaptionCandidates[]> {
  const names = [...new Set(captions.flatMap(({ mentions }) => mentions.map(({ text }) => text)))];
  const lists = await source.candidates(names, limit);
  const byName = new Map(names.map((name, at) => [name, lists[at]!]));
  return captions.map((caption) => ({
    caption,
    candidates: caption.mentions.map(({ text }) => byName.get(text)!),
  }));
}
