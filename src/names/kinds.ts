import type { Entity } from "../core/index.js";
import { fold, foldTogether, wordsOf } from "./fold.js";
import {
  BY_WORDS,
  FILLERS,
  GENERAL,
  HEAD_ENDS,
  KIND_OF_PROPERTY,
  KIND_OF_WORD,
  PERSON_OR_COMPANY,
  TYPE_PROPERTIES,
} from "./kind-words.js";
import { lifeIn } from "./life.js";
import { type FoundRole, rolesIn, rolesOfCompound } from "./role-words.js";
import type { EntityKind } from "./roles.js";

/**
 * Limits on the part of a description that is read: its characters, its clauses, and the words per clause. The limit on
 * characters also applies to the end of a type.
 */
const MAX_LENGTH = 300;
const MAX_CLAUSES = 3;
const MAX_WORDS = 12;
/** Maximum number of values of a type property that are read. */
const MAX_TYPES = 32;

/** The property that an import mapping sets to an entity's kind. It takes precedence over all other properties. */
export const KIND_PROPERTY = "kind";

/**
 * Returns the kind of an entity, or undefined if it is unknown. The property `kind` takes precedence, then a value of a
 * type property that denotes a kind. Otherwise, each property that is typical of a kind adds its weight to that kind,
 * and the kind with the highest weight is returned if the weight is at least 4. If this decides nothing, 2 is added to
 * the weight of the kind that the description names, and a weight of at least 2 is enough. In both steps, a tie decides
 * nothing.
 */
export function kindOfEntity({ properties, description = "" }: Entity): EntityKind | undefined {
  const mapped = properties[KIND_PROPERTY]?.[0];
  const kind = mapped === undefined ? undefined : GENERAL.get(fold(mapped));
  if (kind !== undefined) return kind;
  const weights: Record<EntityKind, number> = { person: 0, organisation: 0, place: 0, work: 0 };
  for (const name in properties) {
    const key = foldTogether(name);
    if (TYPE_PROPERTIES.has(key))
      for (const type of properties[name]!.slice(0, MAX_TYPES)) {
        const kind = kindOfType(type);
        if (kind !== undefined) return kind;
      }
    const found = KIND_OF_PROPERTY.get(key);
    if (found !== undefined) weights[found[0]] += found[1];
  }
  return heaviest(weights, 4) ?? heaviest(added(weights, kindOfDescription(description)), 2);
}

/** Returns whether the values of a property state what an entity is, as in "instance of: human". */
export function isTypeProperty(property: string): boolean {
  return TYPE_PROPERTIES.has(foldTogether(property));
}

/** Returns the values of the properties that state what an entity is: "city", "instance of: human". */
export function typesOf({ properties }: Entity): readonly string[] {
  const types: string[] = [];
  for (const name in properties)
    if (isTypeProperty(name)) types.push(...properties[name]!.slice(0, MAX_TYPES));
  return types;
}

/**
 * Returns the kind that a type denotes, or undefined if it is unknown. A type is a word for a kind ("person", "Ort"), a
 * word for a narrower class ("municipality", "football club"), a tag (PER, ORG, LOC, GPE, WORK_OF_ART), or a URL or id
 * that ends in one of these ("schema:Person", "http://www.wikidata.org/entity/Q5").
 */
export function kindOfType(type: string): EntityKind | undefined {
  const words = typeWords(type);
  return KIND_OF_WORD.get(words.join(" ")) ?? kindOfPhrase(words);
}

/**
 * Returns a function that decides whether an entity fits the type of a mention. An entity whose type properties contain
 * the type fits. For a type that names a kind as a whole ("person", "LOC"), entities of the same or an unknown kind
 * fit. For a narrower type ("municipality"), there are two cases. An entity with narrower types of its own fits if one
 * of them has the same meaning. Any other entity fits, unless both kinds are known and differ. Tags that say nothing
 * about the kind (MISC, NORP) fit every entity.
 */
export function typeFilter(type: string): (entity: Entity) => boolean {
  const wanted = foldedType(type);
  if (NO_KIND.has(wanted)) return () => true;
  const kind = kindOfType(type);
  const isSame = createComparison(wanted, kind);
  return (entity) => {
    const declared = typesOf(entity).map(foldedType);
    if (declared.includes(wanted)) return true;
    const narrower = GENERAL.has(wanted) ? [] : declared.filter((own) => !GENERAL.has(own) && !ID.test(own));
    if (narrower.length > 0) return narrower.some(isSame);
    const own = kind === undefined ? undefined : kindOfEntity(entity);
    return own === undefined || own === kind;
  };
}

/** Matches a folded type that is an id and not a word. */
const ID = /^\p{L}?\d+$/u;

/**
 * Returns a function that decides whether an entity's type fits the type `wanted`. A type fits if it ends with `wanted`
 * ("steam locomotive" for "locomotive"), or if the two are of the same kind and have a role in common ("Dorf" for
 * "village"). Both types are folded.
 */
function createComparison(wanted: string, kind: EntityKind | undefined): (own: string) => boolean {
  const roles = rolesIn(wanted.split(" ")).filter((role) => role.kind === kind);
  return (own) => {
    if (` ${own}`.endsWith(` ${wanted}`)) return true;
    const isCommon = rolesIn(own.split(" ")).some(({ role }) => roles.some((one) => one.role === role));
    return isCommon && kindOfType(own) === kind;
  };
}

/** Tags that taggers use for names of no particular kind, or for nationalities and groups. Folded. */
const NO_KIND: ReadonlySet<string> = new Set([
  "misc",
  "norp",
  "o",
  "unk",
  "unknown",
  "other",
  "entity",
  "thing",
]);

/** Returns the roles that a type names: those of "painter" or "Dorf". */
export const rolesOfType = (type: string): readonly FoundRole[] => rolesIn(typeWords(type));

/** Returns the folded words of a type. Omits the prefix of a tag ("B-PER"). Splits camel case ("CorporateBody"), and keeps only the last part of a URL. */
function typeWords(type: string): string[] {
  const end = type
    .trim()
    .slice(-MAX_LENGTH)
    .replace(/^[BILUSE]-(?=[A-Z]+$)/, "");
  const last = /[^/#:]*$/.exec(end.replace(/[/#:]+$/, ""))?.[0] ?? "";
  return wordsOf(last.replace(/(\p{Ll})(?=\p{Lu})/gu, "$1 ").replaceAll("_", " "));
}

const foldedType = (type: string): string => typeWords(type).join(" ");

function heaviest(weights: Readonly<Record<EntityKind, number>>, least: number): EntityKind | undefined {
  const [first, second] = (Object.entries(weights) as [EntityKind, number][]).sort((a, b) => b[1] - a[1]);
  return first![1] >= least && first![1] > second![1] ? first![0] : undefined;
}

const added = (weights: Readonly<Record<EntityKind, number>>, kind: EntityKind | undefined) =>
  kind === undefined ? weights : { ...weights, [kind]: weights[kind] + 2 };

/**
 * Returns the kind that a description names, or undefined if it names none. Uses the head of the first noun phrase:
 * "museum director" and "Direktor des Museums" are people. Without a known head, a description with a year of birth
 * describes a person.
 */
function kindOfDescription(description: string): EntityKind | undefined {
  if (description === "") return undefined;
  const text = description.slice(0, MAX_LENGTH);
  for (const clause of text.replaceAll(/\([^)]*\)?/g, ",").split(/[,;:/–—]|\.\s/u, MAX_CLAUSES)) {
    const words = wordsOf(clause).slice(0, MAX_WORDS);
    const kind = kindOfPhrase(words);
    if (kind !== undefined) return kind;
    if (words.some((word) => HEAD_ENDS.has(word))) break;
  }
  return lifeIn(text).birth === undefined ? undefined : "person";
}

/**
 * Returns the kind of the head of a noun phrase, given its folded words: the last role before a preposition or number.
 * A word for a place, organisation or work must be the last word of this part, because "film festival" is not a film.
 */
function kindOfPhrase(words: readonly string[]): EntityKind | undefined {
  const roles = rolesIn(words);
  const isInRole = (index: number): boolean => roles.some(({ start, end }) => start < index && index < end);
  let from = 0;
  for (;;) {
    const ends = (word: string, index: number): boolean =>
      index > from && !isInRole(index) && (HEAD_ENDS.has(word) || /^\d/.test(word));
    const found = words.findIndex(ends);
    const end = found < 0 ? words.length : found;
    const kind = kindOfHead(words, from, end, roles);
    if (kind !== undefined || found < 0) return kind;
    if (!words.slice(from, end).every((word) => FILLERS.has(word))) return undefined;
    from = end + 1;
  }
}

/** Returns the kind of the head of `words[from, end)`. */
function kindOfHead(
  words: readonly string[],
  from: number,
  end: number,
  roles: readonly FoundRole[],
): EntityKind | undefined {
  const last = roles.findLast((role) => role.start >= from && role.end <= end);
  if (last === undefined) return kindOfLastWord(words.slice(from, end));
  const kinds = new Set(roles.flatMap(({ start, kind }) => (start === last.start ? [kind] : [])));
  if (kinds.has("person")) return PERSON_OR_COMPANY.has(words[last.start]!) ? undefined : "person";
  if (last.end < end) return kindOfLastWord(words.slice(from, end));
  if (kinds.has("work") && BY_WORDS.has(words[end] ?? "")) return "work";
  return kinds.size === 1 ? last.kind : undefined;
}

/** Returns the kind of the last two words, the last word, or the end of the last word, whichever is known first. */
function kindOfLastWord(words: readonly string[]): EntityKind | undefined {
  const last = words.at(-1) ?? "";
  const named =
    KIND_OF_WORD.get(words.slice(-2).join(" ")) ?? (last.length < 4 ? undefined : KIND_OF_WORD.get(last));
  const kinds = new Set(named === undefined ? rolesOfCompound(last) : [named]);
  return kinds.size === 1 ? [...kinds][0] : undefined;
}
