import {
  type CandidateFacts,
  type FeatureGroup,
  type FeatureRow,
  type MentionContext,
  positions,
} from "../feature-row.js";

const FEATURES = [
  "score",
  "subsequence",
  "prefix",
  "edit",
  "best alone",
  "best shared",
  "mention words in name",
  "name words in mention",
  "exact name",
  "exact alias",
  "words in name",
  "has suffix",
  "has bracket",
  "one word: score",
  "one word: subsequence",
  "one word: prefix",
  "one word: edit",
  "one word: mention word in name",
  "one word: last of name",
  "one word: last but one of name",
  "one word: inside name",
  "one word: first of name",
  "one word: in suffix",
  "one word: initial of name",
  "one word: whole name",
  "words: last of name",
  "words: inside name",
  "words: in suffix",
  "words: first of name",
  "words: initial of name",
] as const;
const F = positions(FEATURES);

/**
 * Features that show how well the mention matches the candidate's name: the name scores, whether the score is the best
 * among the candidates, and which part of the name the mention is.
 */
export const name: FeatureGroup = {
  features: FEATURES,
  fill: (context, facts, row) => {
    fillScores(context, facts, row);
    if (facts.tokens.length === 1) fillOneWord(facts, row);
    else fillWords(facts, row);
  },
};

function fillScores(
  { bestNameScore, bestNames }: MentionContext,
  { candidate, name, profile, tokens, agreement }: CandidateFacts,
  row: FeatureRow,
): void {
  const { nameScore, names } = candidate;
  row.put(F.score, nameScore);
  row.put(F.subsequence, names.subsequence);
  row.put(F.prefix, names.prefix);
  row.put(F.edit, names.edit);
  if (nameScore === bestNameScore) row.put(bestNames === 1 ? F["best alone"] : F["best shared"], 1);
  row.put(F["mention words in name"], share(tokens, name.words));
  row.put(F["name words in mention"], share(name.core, tokens));
  const folded = tokens.length === 1 ? tokens[0]! : tokens.join(" ");
  const isLabel = folded === profile.labelCore || folded === profile.labelBare;
  const isOther = agreement?.other !== undefined && agreement.exact === 1;
  const isAlias = !isLabel && (isOther || profile.aliasCores.has(folded));
  if (isLabel || isAlias) row.put(F["exact name"], 1);
  if (isAlias) row.put(F["exact alias"], 1);
  row.put(F["words in name"], Math.min(6, name.core.length) / 4);
  if (name.suffix.length > 0) row.put(F["has suffix"], 1);
  if (name.bracket.length > 0) row.put(F["has bracket"], 1);
}

function fillOneWord({ candidate, name, tokens }: CandidateFacts, row: FeatureRow): void {
  const { nameScore, names } = candidate;
  const { core, suffix } = name;
  const word = tokens[0]!;
  row.put(F["one word: score"], nameScore);
  row.put(F["one word: subsequence"], names.subsequence);
  row.put(F["one word: prefix"], names.prefix);
  row.put(F["one word: edit"], names.edit);
  if (name.words.includes(word)) row.put(F["one word: mention word in name"], 1);
  if (core.at(-1) === word) row.put(F["one word: last of name"], 1);
  else if (core.includes(word)) row.put(F["one word: inside name"], 1);
  else if (suffix.includes(word)) row.put(F["one word: in suffix"], 1);
  if (core.length > 1 && core.at(-2) === word) row.put(F["one word: last but one of name"], 1);
  if (core.length > 1 && core[0] === word) row.put(F["one word: first of name"], 1);
  else if (core[0] === word) row.put(F["one word: whole name"], 1);
  else if (core.length > 1 && core[0]?.[0] === word[0]) row.put(F["one word: initial of name"], 1);
}

function fillWords({ name, tokens }: CandidateFacts, row: FeatureRow): void {
  const { core, suffix } = name;
  const first = tokens[0] ?? "";
  const last = tokens.at(-1) ?? "";
  if (core.at(-1) === last) row.put(F["words: last of name"], 1);
  else if (core.includes(last)) row.put(F["words: inside name"], 1);
  else if (suffix.includes(last)) row.put(F["words: in suffix"], 1);
  if (core[0] === first) row.put(F["words: first of name"], 1);
  else if (core[0]?.[0] === first[0]) row.put(F["words: initial of name"], 1);
}

function share(words: readonly string[], among: readonly string[]): number {
  let found = 0;
  for (const word of words) if (among.includes(word)) found++;
  return found / Math.max(1, words.length);
}
