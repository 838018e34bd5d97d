import type { Caption, Entity, Mention, Random } from "../../core/index.js";
import { MAX_NAME_LENGTH } from "../../formats/index.js";
import { scriptOf } from "../../names/index.js";
import { nameKey, type Resolved, type ResolvedMention } from "./resolve.js";

/** Share of the people who are renamed (section 4.1 of the paper: "about 50%"). */
const SHARE = 0.5;

/** A caption in which `renamePeople` may have renamed people. */
export interface Renamed {
  readonly caption: Caption;
  /** For each mention, the kind of its new name, or `full` if the mention keeps the full name. */
  readonly called: readonly (OtherName["kind"] | "full")[];
}

/** A person in a caption, and the name that may replace the full name. */
interface Candidate {
  readonly caption: number;
  readonly entity: string;
  readonly name: OtherName;
}

/**
 * Renames half of the people in the captions, or fewer if too few have another name or if new names clash. All mentions
 * of a person in a caption get the same name. A person whose full name also occurs outside the mentions is not renamed.
 * Nobody gets a name that another person in the caption has.
 */
export function renamePeople(resolved: readonly Resolved[], random: Random): Renamed[] {
  const mentionsByPerson = resolved.map(groupByEntity);
  const candidates = mentionsByPerson.flatMap((people, caption) =>
    [...people].flatMap(([entity, mentions]): Candidate[] => {
      const names = otherNamesIn(resolved[caption]!, mentions);
      return names.length === 0 ? [] : [{ caption, entity, name: names[random.below(names.length)]! }];
    }),
  );
  const total = mentionsByPerson.reduce((sum, people) => sum + people.size, 0);
  const chosen = resolved.map(() => new Map<string, OtherName>());
  for (const { caption, entity, name } of random.shuffle(candidates).slice(0, Math.round(SHARE * total)))
    chosen[caption]!.set(entity, name);
  return resolved.map((caption, index) => rename(caption, withoutClashes(chosen[index]!)));
}

function groupByEntity({ people }: Resolved): Map<string, ResolvedMention[]> {
  const groups = new Map<string, ResolvedMention[]>();
  for (const person of people)
    groups.set(person.entity.id, [...(groups.get(person.entity.id) ?? []), person]);
  return groups;
}

/** Returns the other names that a person can get in a caption without conflicting with its text or its other people. */
function otherNamesIn({ caption, people }: Resolved, mentions: readonly ResolvedMention[]): OtherName[] {
  const [first] = mentions;
  if (first === undefined) return [];
  const others = new Set(
    people.filter(({ entity }) => entity.id !== first.entity.id).map(({ mention }) => nameKey(mention.text)),
  );
  const rest = textOutside(
    caption.text,
    people.map(({ mention }) => mention),
  );
  if (mentions.some(({ mention }) => rest.includes(mention.text.toLowerCase()))) return [];
  return otherNames(first.entity, first.mention.text).filter(({ text }) => !others.has(nameKey(text)));
}

/**
 * Returns the assigned names without duplicates: if two people in a caption were assigned the same name, only the first
 * person gets it.
 */
function withoutClashes(names: ReadonlyMap<string, OtherName>): ReadonlyMap<string, OtherName> {
  const taken = new Set<string>();
  return new Map(
    [...names].filter(([, { text }]) => !taken.has(nameKey(text)) && taken.add(nameKey(text)) !== undefined),
  );
}

/** Returns the text outside the mentions, in lower case. */
function textOutside(text: string, mentions: readonly Mention[]): string {
  let from = 0;
  const parts: string[] = [];
  for (const { span } of mentions) {
    if (span === undefined) continue;
    parts.push(text.slice(from, span.start));
    from = span.end;
  }
  return [...parts, text.slice(from)].join("\n").toLowerCase();
}

/** Rewrites a caption with new names and offsets. The mentions must be in order and must not overlap. */
function rename({ caption, people }: Resolved, names: ReadonlyMap<string, OtherName>): Renamed {
  let text = "";
  let from = 0;
  const mentions: Mention[] = [];
  for (const { mention, entity } of people) {
    const span = mention.span ?? { start: from, end: from };
    const name = names.get(entity.id)?.text ?? mention.text;
    text += caption.text.slice(from, span.start);
    mentions.push({
      text: name,
      span: { start: text.length, end: text.length + name.length },
      gold: { kind: "entity", id: entity.id },
    });
    text += name;
    from = span.end;
  }
  return {
    caption: { ...caption, text: text + caption.text.slice(from), mentions },
    called: people.map(({ entity }) => names.get(entity.id)?.kind ?? "full"),
  };
}

/** Another name for a person: a nickname or alias from the knowledge base, or the family name. */
export interface OtherName {
  readonly text: string;
  readonly kind: "alias" | "family";
}

const SUFFIX = /^(?:jr|sr|junior|senior|[ivx]+|\d\w*)\.?$/iu;
const QUALIFIER = /\s*\([^()]*\)/gu;

/**
 * Returns other names for a person: first the aliases and nicknames, then the family name. Leaves out longer forms of
 * `fullName`, names in a different script from `fullName`, and names above `MAX_NAME_LENGTH`. No name is repeated, and
 * none equals `fullName` or the entity's label.
 */
export function otherNames(entity: Entity, fullName: string): OtherName[] {
  const aliases = [...entity.aliases, ...(entity.properties.nickname ?? [])].map((text) => text.trim());
  const family = familyName(fullName);
  const names: OtherName[] = [
    ...aliases.map((text): OtherName => ({ text, kind: "alias" })),
    ...(family === undefined ? [] : [{ text: family, kind: "family" } as const]),
  ];
  const taken = new Set(["", nameKey(fullName), nameKey(entity.label)]);
  return names.filter(({ text }) => {
    const key = nameKey(text);
    if (taken.has(key) || !isUsable(text, fullName, family)) return false;
    taken.add(key);
    return true;
  });
}

function isUsable(name: string, fullName: string, family: string | undefined): boolean {
  const isLonger = wordsOf(name).length > wordsOf(fullName).length;
  const isLongForm = isLonger && family !== undefined && nameKey(name).split(" ").includes(nameKey(family));
  return name.length <= MAX_NAME_LENGTH && !isLongForm && scriptOf(name) === scriptOf(fullName);
}

/**
 * Returns the family name: the last word of a full name, not counting suffixes such as "Jr.". Returns undefined if the
 * name is a single word.
 */
function familyName(fullName: string): string | undefined {
  const words = wordsOf(fullName.replace(QUALIFIER, ""))
    .map((word) => word.replace(/,$/, ""))
    .filter((word) => !SUFFIX.test(word));
  return words.length > 1 ? words.at(-1) : undefined;
}

const wordsOf = (name: string): string[] => name.split(/\s+/u).filter((word) => word !== "");
