import type { Caption, CaptionCandidates, Mention } from "../core/index.js";
import {
  type FoundRole,
  placedWordsOf,
  ROLES,
  readKnownMention,
  rolesIn,
  sexOfGivenName,
  wordsOf,
} from "../names/index.js";
import type { ImpliedName } from "./implied-names.js";

/**
 * Returns the mentions that begin with an occupation, without the occupation: "Brandl" for "Blacksmith Brandl". Leaves
 * out mentions that begin with a title ("Dr."), which is parsed with the name, or with a given name ("Taylor"), and names
 * of organisations and places ("Schneider Museum"). `withoutRoles` uses only the results that fit the knowledge base.
 */
export function namesWithoutRole({ mentions }: Pick<Caption, "mentions">): ImpliedName[] {
  return mentions.flatMap((mention, index) => {
    const start = afterRole(mention.text);
    return start === undefined ? [] : [{ index, mention: from(mention, start) }];
  });
}

/** Returns where the name begins after an occupation at the start of a text; undefined if there is none. */
function afterRole(text: string): number | undefined {
  const words = placedWordsOf(text);
  const roles = rolesIn(words.map(({ word }) => word));
  const role = roles.find(({ start, kind }) => start === 0 && kind === "person");
  const next = role && words[role.end];
  if (next === undefined || next.unspaced || !/^\p{Lu}/u.test(text.slice(next.start))) return undefined;
  const isThing = ({ role, kind, start }: FoundRole): boolean =>
    start > 0 && kind !== "person" && ROLES[role]!.words.includes(words[start]!.word);
  if (roles.some(isThing)) return undefined;
  const { word } = words[0]!;
  const isName = sexOfGivenName(word) !== undefined || readKnownMention(text).parsed.titles.includes(word);
  return isName ? undefined : next.start;
}

function from({ gold: _, ...mention }: Mention, start: number): Mention {
  const { text, span } = mention;
  return {
    ...mention,
    text: text.slice(start),
    ...(span && { span: { start: span.start + start, end: span.end } }),
  };
}

/**
 * Replaces mentions with the names that `namesWithoutRole` returns, and their candidates with the candidates of these
 * names. `candidates[i]` are the candidates of `names[i]`. A mention stays as it is if the name of one of its
 * candidates contains the first word of the occupation ("Baker" in "Baker Street"), or if the name has no candidates.
 */
export function withoutRoles(
  { caption, candidates: own }: CaptionCandidates,
  names: readonly ImpliedName[],
  candidates: CaptionCandidates["candidates"],
): CaptionCandidates {
  const mentions = [...caption.mentions];
  const lists = [...own];
  for (const [i, { index, mention }] of names.entries()) {
    const [role] = wordsOf(mentions[index]!.text);
    const isInName = own[index]!.some(({ entity: { label, aliases } }) =>
      [label, ...aliases].some((name) => wordsOf(name).includes(role!)),
    );
    if (isInName || candidates[i]!.length === 0) continue;
    mentions[index] = mention;
    lists[index] = candidates[i]!;
  }
  return { caption: { ...caption, mentions }, candidates: lists };
}
