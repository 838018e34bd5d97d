import type { Candidate, Caption, CaptionCandidates, Entity, Mention } from "../core/index.js";
import {
  type FoundRole,
  impliesPerson,
  PARTICLES,
  type PlacedWord,
  placedWordsOf,
  readKnownMention,
  rolesIn,
  rolesOfPhrase,
  sexOfGivenName,
  TITLES,
  wordsOf,
} from "../names/index.js";
import type { ImpliedName } from "./implied-names.js";
import { isDeterminer } from "./usual-words.js";
import { languageIn } from "./view.js";

/**
 * Returns the mentions that begin with an occupation, without the occupation ("Brandl" for "Blacksmith Brandl"), and those
 * that begin with an article and a title, without the article ("maestro Brandl" for "Le maestro Brandl"), or with a form
 * of address that is a name in other languages ("Pan Brandl" in Polish), without it. Leaves
 * out mentions that begin with a title ("Dr."), which is parsed with the name, or with a given name ("Taylor"), and names
 * of organisations and places ("Schneider Museum"). `withoutRoles` uses only the results that fit the knowledge base.
 */
export function namesWithoutRole({
  text,
  language,
  mentions,
}: Pick<Caption, "text" | "language" | "mentions">): ImpliedName[] {
  return mentions.flatMap((mention, index) => {
    const start = afterAddress(mention.text, () => languageIn(text, language)) ?? afterRole(mention.text);
    return start === undefined ? [] : [{ index, mention: from(mention, start) }];
  });
}

/**
 * Forms of address that are names in other languages, and the languages in which they are forms of address. Source: the
 * tables of `names/languages/`.
 */
const ADDRESSES: ReadonlyMap<string, readonly string[]> = new Map([
  ["pan", ["pl", "cs", "sk"]],
  ["don", ["es", "it"]],
  ["donna", ["it"]],
  ["dom", ["pt"]],
]);

/** Returns where the name begins after a form of address of the caption's language; undefined if there is none. */
function afterAddress(text: string, language: () => string | undefined): number | undefined {
  const first = /^(\p{L}+)\s+(?=\p{Lu})/u.exec(text);
  const languages = first === null ? undefined : ADDRESSES.get(first[1]!.toLowerCase());
  return languages?.includes(language() ?? "") ? first![0].length : undefined;
}

/** Returns where the name begins after an article and an occupation, or where a title begins after an article. */
function afterRole(text: string): number | undefined {
  const [article, noun, name] = placedWordsOf(text);
  if (article === undefined || noun === undefined || !isArticle(article.word)) return afterOccupation(text);
  const { start, word } = noun;
  if (!/^(?:\s+|['’´`])$/u.test(text.slice(article.end, start))) return undefined;
  const after = afterOccupation(text.slice(start));
  if (after !== undefined) return start + after;
  const isTitle = TITLES.has(word) && impliesPerson(word);
  return isTitle && name !== undefined && /^\p{L}\p{Ll}/u.test(text.slice(name.start)) ? start : undefined;
}

const isArticle = (word: string): boolean => isDeterminer(word) || word === "l";

/** Returns where the name begins after an occupation at the start of a text; undefined if there is none. */
function afterOccupation(text: string): number | undefined {
  const words = placedWordsOf(text);
  const roles = rolesIn(words.map(({ word }) => word));
  const role = roles.find(({ start, kind }) => start === 0 && kind === "person");
  const next = role && words[role.end];
  if (next === undefined || next.unspaced) return undefined;
  const particles = particlesBefore(text, words.slice(role!.end));
  if (particles === undefined) return undefined;
  const isThing = ({ role, kind, start, end }: FoundRole): boolean =>
    start > 0 && particles === 0 && kind !== "person" && isRole(role, words.slice(start, end));
  if (roles.some(isThing)) return undefined;
  const { word } = words[0]!;
  const isName = sexOfGivenName(word) !== undefined || readKnownMention(text).parsed.titles.includes(word);
  return isName ? undefined : next.start;
}

/** Returns the number of particles in small letters before a capital: 1 for "de Vries". Undefined if other words are there. */
function particlesBefore(text: string, words: readonly PlacedWord[]): number | undefined {
  const first = words.findIndex(({ start }) => /^\p{Lu}/u.test(text.slice(start)));
  const isName = first >= 0 && words.slice(0, first).every(({ word }) => PARTICLES.has(word));
  return isName ? first : undefined;
}

/** Returns whether words are a role exactly as written; inflected forms do not count ("Stadler" is not "Stadt"). */
const isRole = (role: number, words: readonly PlacedWord[]): boolean =>
  rolesOfPhrase(words.map(({ word }) => word).join(" ")).includes(role);

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
 * candidates contains the first word of the occupation ("Baker" in "Baker Street"), or if the name has no candidates. A
 * name with a particle needs a candidate that has it too, because "the baker of Paris" is not called Paris.
 */
export function withoutRoles(
  { caption, candidates: own }: CaptionCandidates,
  names: readonly ImpliedName[],
  candidates: CaptionCandidates["candidates"],
): CaptionCandidates {
  const mentions = [...caption.mentions];
  const lists = [...own];
  for (const [i, { index, mention }] of names.entries()) {
    const role = wordsOf(mentions[index]!.text).find((word) => !isArticle(word));
    const isInName = own[index]!.some(({ entity }) => hasWord(entity, role!));
    if (isInName || !isNamed(mention.text, candidates[i]!)) continue;
    mentions[index] = mention;
    lists[index] = candidates[i]!;
  }
  return { caption: { ...caption, mentions }, candidates: lists };
}

function isNamed(name: string, candidates: readonly Candidate[]): boolean {
  const [first] = wordsOf(name);
  if (!PARTICLES.has(first!) || /^\p{Lu}/u.test(name)) return candidates.length > 0;
  return candidates.some(({ entity }) => hasWord(entity, first!));
}

const hasWord = ({ label, aliases }: Entity, word: string): boolean =>
  [label, ...aliases].some((name) => wordsOf(name).includes(word));
