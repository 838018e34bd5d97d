import type { CaptionCandidates } from "../../core/index.js";
import { kindOfEntity, readKnownMention, type Sex } from "../../names/index.js";
import { createNameFacts, isOtherType, type NameFacts } from "./name-facts.js";
import { areOtherPeople, neighbours, strangersIn } from "./other-people.js";
import { fullness, isSameName, type ShortForm, shortFormOf } from "./short-form.js";
import { type Surroundings, surroundingsOf } from "./surroundings.js";

/** Maximum number of mentions in a caption for which full names are searched, to limit the computing time. */
const MAX_MENTIONS = 200;

/**
 * Returns, for each mention, the index of the mention with the full name of the same person: for "Ferris" in "Clara
 * Ferris at the opening. Ferris came from abroad", the index of "Clara Ferris". A repetition of this full name gets the
 * same index. All other mentions get undefined, including a short form that may also name a place, an organisation or
 * another person. If there are more than `MAX_MENTIONS` mentions, every index is undefined. The result does not depend
 * on the order of the mentions.
 */
export function findFullNames(input: CaptionCandidates): readonly (number | undefined)[] {
  const { mentions } = input.caption;
  const none = mentions.map(() => undefined);
  if (mentions.length < 2 || mentions.length > MAX_MENTIONS) return none;
  const names = mentions.map(({ text }) => readKnownMention(text).parsed);
  const isShort = names.map((short, index) =>
    names.some((full, other) => other !== index && shortFormOf(full, short) !== undefined),
  );
  if (!isShort.includes(true)) return none;
  const facts = createNameFacts(input, names);
  const found = mentions.map((_, index) => (isShort[index]! ? fullNameOf(index, facts) : undefined));
  return withoutCycles(
    found.map((full, index) => full ?? repeatedName(index, found, facts)),
    facts,
  );
}

/**
 * Breaks cycles of mentions in which each mention is a short form of the next. In each cycle, the mention that comes
 * first in `byFullness` loses its full name. Cycles can occur because names with several readings, such as "Van-der
 * Veen", can be short forms of each other.
 */
function withoutCycles(
  found: readonly (number | undefined)[],
  facts: NameFacts,
): readonly (number | undefined)[] {
  const acyclic = [...found];
  for (const start of found.keys()) {
    const path: number[] = [];
    let next: number | undefined = start;
    while (next !== undefined && !path.includes(next)) {
      path.push(next);
      next = acyclic[next];
    }
    if (next === undefined) continue;
    const [root] = path.slice(path.indexOf(next)).sort(byFullness(facts));
    acyclic[root!] = undefined;
  }
  return acyclic;
}

/**
 * Returns a function that compares two mentions. The fuller name comes first; among equals, the name that is earlier in
 * the caption, and then the name whose text sorts first.
 */
const byFullness =
  ({ names, mentions, worded }: NameFacts) =>
  (a: number, b: number): number => {
    const start = (index: number): number => worded.places[index]?.start ?? Number.MAX_SAFE_INTEGER;
    return (
      fullness(names[b]!) - fullness(names[a]!) ||
      start(a) - start(b) ||
      Number(mentions[a]!.text > mentions[b]!.text) - Number(mentions[a]!.text < mentions[b]!.text)
    );
  };

/** A person that a short name may refer to. */
interface Person {
  /** Mentions with a full name of the person, the best one first. Empty if only the text names the person. */
  readonly mentions: readonly number[];
  readonly sex: Sex | undefined;
}

function fullNameOf(index: number, facts: NameFacts): number | undefined {
  const { worded } = facts;
  const place = worded.places[index];
  if (place === undefined || facts.isInsideLonger(index)) return undefined;
  const around = surroundingsOf(worded, place, facts.mentions[index]!.text);
  if (around.isOther) return undefined;
  const forms = fullNames(index, around, facts);
  if (forms.size === 0 || isKnownOther(index, around, forms, facts)) return undefined;
  const fulls = [...forms.keys()];
  const full = {
    places: fulls.flatMap((other) => worded.places[other] ?? []),
    words: new Set(fulls.flatMap((other) => facts.names[other]!.parts.map(({ word }) => word))),
  };
  const form = [...forms.values()].includes("end") ? "end" : "beginning";
  const { word } = worded.words[form === "end" ? place.end - 1 : place.start]!;
  const follows = (given: string): boolean => facts.isKnown(index, given, word);
  const { before, after } = neighbours(worded, place, { word, form, follows }, full);
  if (before || (after && (form === "beginning" || facts.isKnown(index, word, after.word)))) return undefined;
  if (full.places.some((other) => areOtherPeople(worded, place, other))) return undefined;
  const strangers = strangersIn(worded, { word, form, follows }, full).map(({ sex }) => ({
    mentions: [],
    sex,
  }));
  return onlyPerson([...peopleOf(fulls, facts), ...strangers], around)?.mentions[0];
}

/**
 * Returns the mentions that may be the full name for mention `index`, each with the part of the full name that mention
 * `index` repeats.
 */
function fullNames(index: number, around: Surroundings, facts: NameFacts): ReadonlyMap<number, ShortForm> {
  const { names } = facts;
  const short = { ...names[index]!, ...(around.generation && { generation: around.generation }) };
  const forms = new Map<number, ShortForm>();
  for (const [full, name] of names.entries()) {
    if (full === index) continue;
    const form = shortFormOf(name, short, (word) => facts.isKnown(index, word));
    if (form !== undefined && facts.mayBePerson(full)) forms.set(full, form);
  }
  return forms;
}

/**
 * Returns whether the mention is probably not a short form of a name in `forms`. This is the case if its type denotes a
 * kind other than person, or if an entity with exactly this name is a place or an organisation. If the mention is only
 * a given name ("Raphael"), it is also the case if an entity with exactly this name is another person. Ignores the
 * entities if the mention has a type, a title or a possessive ending.
 */
function isKnownOther(
  index: number,
  { isPerson }: Surroundings,
  forms: ReadonlyMap<number, ShortForm>,
  facts: NameFacts,
): boolean {
  const { type } = facts.mentions[index]!;
  if (isOtherType(type)) return true;
  if (isPerson || type !== undefined) return false;
  const people = new Set(
    [...forms.keys()].flatMap((full) => facts.fitting(full).map(({ entity }) => entity.id)),
  );
  const isGiven = ![...forms.values()].includes("end");
  return facts.exact(index).some(({ entity }) => {
    const kind = kindOfEntity(entity);
    if (kind === "person") return isGiven && !people.has(entity.id);
    return kind === "place" || kind === "organisation";
  });
}

/** Groups mentions with full names by person. The result does not depend on the order of the mentions. */
function peopleOf(fulls: readonly number[], facts: NameFacts): readonly Person[] {
  const { names } = facts;
  const fuller = byFullness(facts);
  const sorted = fulls.toSorted(
    (a, b) => Number(facts.fitting(b).length > 0) - Number(facts.fitting(a).length > 0) || fuller(a, b),
  );
  const groups: number[][] = [];
  for (const full of sorted) {
    const group = groups.find(([best]) => isSameName(names[best!]!, names[full]!));
    if (group === undefined) groups.push([full]);
    else group.push(full);
  }
  return groups.map((group) => ({
    mentions: group,
    sex: group.map(facts.sex).find((sex) => sex !== undefined),
  }));
}

/**
 * Returns the person that the mention refers to if only one is possible, given the sex that the text states; otherwise
 * undefined.
 */
function onlyPerson(people: readonly Person[], around: Surroundings): Person | undefined {
  const sex = around.sex ?? (people.length > 1 ? around.sexAfter : undefined);
  const same = people.filter((person) => sex !== undefined && person.sex === sex);
  const possible = people.filter((person) => sex === undefined || person.sex === undefined);
  const [only, ...others] = same.length > 0 ? same : possible;
  return others.length === 0 ? only : undefined;
}

/**
 * If mention `index` repeats a full name that was found for a short name, returns the index of the mention with that
 * full name; otherwise undefined.
 */
function repeatedName(
  index: number,
  found: readonly (number | undefined)[],
  { names }: NameFacts,
): number | undefined {
  const words = (at: number): string => names[at]!.parts.map(({ word }) => word).join(" ");
  const isSame = (full: number | undefined): boolean =>
    full !== undefined &&
    full !== index &&
    words(full) === words(index) &&
    names[full]!.generation === names[index]!.generation;
  return found.find(isSame);
}
