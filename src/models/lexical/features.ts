import type { Candidate, CaptionCandidates } from "../../core/index.js";
import { fitOf, parseKnown } from "../../names/index.js";
import { type CaptionFacts, type MentionFacts, readCaption, readMention } from "./caption-facts.js";
import type { EntityProfile, ProfileReader } from "./entity-profile.js";
import type { CandidateFacts, FeatureGroup, FeatureRow, MentionContext, SharedWord } from "./feature-row.js";
import { agreement } from "./groups/agreement.js";
import { gender } from "./groups/gender.js";
import { life } from "./groups/life.js";
import { name } from "./groups/name.js";
import { prior } from "./groups/prior.js";
import { rest } from "./groups/rest.js";
import { roles } from "./groups/roles.js";
import { topics } from "./groups/topics.js";
import { words } from "./groups/words.js";
import { years } from "./groups/years.js";
import { cutName } from "./name-parts.js";

/**
 * Groups of features, by name. The features do not depend on the candidates of other mentions. To add a group, add an
 * entry.
 */
const GROUPS: Readonly<Record<string, FeatureGroup>> = {
  name,
  agreement,
  rest,
  prior,
  years,
  life,
  gender,
  roles,
  topics,
  words,
};

/** All feature names, as `group/feature`, in the order of the weights. */
export const FEATURE_NAMES: readonly string[] = Object.entries(GROUPS).flatMap(([group, { features }]) =>
  features.map((feature) => `${group}/${feature}`),
);

const PLACED = Object.values(GROUPS).map(({ fill }, index, all) => ({
  fill,
  base: all.slice(0, index).reduce((sum, { features }) => sum + features.length, 0),
}));

/** Clears the row and writes all features of a candidate into it. */
export function fillRow(context: MentionContext, facts: CandidateFacts, row: FeatureRow): void {
  row.clear();
  for (const { fill, base } of PLACED) {
    row.base = base;
    fill(context, facts, row);
  }
}

/** A mention and its candidates, as arguments for `fillRow`. */
export interface MentionInput {
  readonly context: MentionContext;
  readonly candidates: readonly CandidateFacts[];
}

/** Extracts the facts that the features use, for each mention in a caption. Does not use gold entities. */
export function readMentions(
  { caption, candidates }: CaptionCandidates,
  profileOf: ProfileReader,
): MentionInput[] {
  const captionFacts = readCaption(caption);
  return caption.mentions.map((mention, index) => {
    const mentionFacts = readMention(captionFacts, mention, index);
    const facts = (candidates[index] ?? []).map((candidate) =>
      readCandidate(candidate, mentionFacts, profileOf),
    );
    return { candidates: facts, context: contextOf(captionFacts, mentionFacts, facts) };
  });
}

function readCandidate(
  candidate: Candidate,
  mention: MentionFacts,
  profileOf: ProfileReader,
): CandidateFacts {
  const { entity, matchedName } = candidate;
  const profile = profileOf(entity);
  const { label, aliases } = profile;
  const isLabel = matchedName === entity.label;
  const agreement = mention.reader.agreement([isLabel ? profile.parsedLabel : parseKnown(matchedName)]);
  const matched = isLabel ? label : (aliases.get(matchedName) ?? cutName(matchedName));
  const name = agreement?.other === undefined ? matched : cutName(agreement.other.join(" "));
  return {
    candidate,
    profile,
    name,
    agreement,
    fit: agreement === undefined ? 0 : fitOf(agreement),
    tokens: agreement?.words ?? mention.tokens,
    sharedWords: sharedWords(mention.content, profile),
  };
}

function sharedWords(content: readonly string[], { words }: EntityProfile): readonly SharedWord[] {
  const found: SharedWord[] = [];
  for (let at = 0; at < content.length; at++) {
    const kinds = words.get(content[at]!);
    if (kinds !== undefined) found.push({ at, kinds });
  }
  return found;
}

function contextOf(
  caption: CaptionFacts,
  mention: MentionFacts,
  candidates: readonly CandidateFacts[],
): MentionContext {
  const scores = candidates.map(({ candidate }) => candidate.nameScore);
  const bestNameScore = scores.reduce((best, score) => Math.max(best, score), 0);
  const bestFit = candidates.reduce((best, { fit }) => Math.max(best, fit), 0);
  const frequencies = mention.content.map(() => 0);
  for (const { sharedWords } of candidates) for (const { at } of sharedWords) frequencies[at]! += 1;
  return {
    caption,
    mention,
    candidateCount: candidates.length,
    bestNameScore,
    bestNames: scores.filter((score) => score === bestNameScore).length,
    bestFit,
    bestFits: candidates.filter(({ fit }) => fit === bestFit).length,
    frequencies,
  };
}
