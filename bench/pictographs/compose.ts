import type { Entity, Mention, Random } from "../../src/core/index.js";
import { fold } from "../../src/names/index.js";
import type { Kind } from "./artists.js";
import { CLAUSES, fill, TEMPLATES } from "./templates.js";

/** An entity that captions may refer to. */
export interface Gold {
  readonly kind: Kind;
  readonly entity: Entity;
  /** Names that captions may use for the entity. Each is shared with other entities (see `Names.shared`). */
  readonly names: readonly string[];
  /** Files of the entity's pictures by artists that belong to the entity's split (train, dev or test). */
  readonly pictures: readonly string[];
}

/** A caption without an id, before its pictures are combined into one. */
export interface Draft {
  readonly kind: Kind;
  readonly text: string;
  readonly mentions: readonly Mention[];
  /** One picture per mention, in random order. */
  readonly pictures: readonly string[];
  /** Whether the text contains a hint: a fact about one of the gold entities in addition to its name. */
  readonly hinted: boolean;
}

/** Number of captions to compose for each gold entity, by kind. */
const CAPTIONS_PER_GOLD: Readonly<Record<Kind, number>> = { emoji: 4, flag: 6, logo: 8 };

/** Share of captions with one mention. */
const SINGLE = 0.6;
/** Share of captions with one or two mentions. */
const AT_MOST_TWO = 0.85;

/** Share of captions that should contain a hint. */
const HINTED = 0.35;
/** Share of captions whose entities should be related. */
const RELATED = 0.5;

/** Maximum number of attempts to add another mention to a caption, and to compose a caption that is not a duplicate. */
const MAX_TRIES = 20;

/** Composes captions about the gold entities of one kind and split. No two captions have the same text and pictures. */
export function composeCaptions(golds: readonly Gold[], names: Names, random: Random): Draft[] {
  const drafts = new Map<string, Draft>();
  const related = groupByRelation(golds);
  for (const lead of golds) {
    for (let caption = 0; caption < CAPTIONS_PER_GOLD[lead.kind]; caption++) {
      for (let tries = 0, before = drafts.size; tries < MAX_TRIES && drafts.size === before; tries++) {
        const draft = compose(
          chooseParts(lead, golds, related.get(relationOf(lead))!, names, random),
          random,
        );
        const key = JSON.stringify([draft.text, [...draft.pictures].sort()]);
        if (!drafts.has(key)) drafts.set(key, draft);
      }
    }
  }
  return [...drafts.values()];
}

/** Returns what related entities share: the continent, the subgroup if there is no continent, or "" if there is neither. */
const relationOf = ({ entity: { properties } }: Gold): string =>
  properties.continent?.[0] ?? properties.subgroup?.[0] ?? "";

function groupByRelation(golds: readonly Gold[]): ReadonlyMap<string, readonly Gold[]> {
  const groups = new Map<string, Gold[]>();
  for (const gold of golds) {
    const group = groups.get(relationOf(gold));
    if (group === undefined) groups.set(relationOf(gold), [gold]);
    else group.push(gold);
  }
  return groups;
}

interface Part {
  readonly gold: Gold;
  readonly name: string;
}

/**
 * Chooses the entities for a caption: `lead` and up to two more. For each entity, chooses a name that none of the other chosen
 * entities has.
 */
function chooseParts(
  lead: Gold,
  all: readonly Gold[],
  related: readonly Gold[],
  names: Names,
  random: Random,
): Part[] {
  const draw = random.next();
  const size = draw < SINGLE ? 1 : draw < AT_MOST_TWO ? 2 : 3;
  const from = random.next() < RELATED ? related : all;
  const parts = [partOf(lead, random)];
  for (let tries = 0; parts.length < size && tries < MAX_TRIES; tries++) {
    const next = partOf(pick(from, random), random);
    const unambiguous = parts.every(
      ({ gold, name }) => !names.has(next.gold.entity, name) && !names.has(gold.entity, next.name),
    );
    if (unambiguous) parts.push(next);
  }
  return random.shuffle(parts);
}

const partOf = (gold: Gold, random: Random): Part => ({ gold, name: pick(gold.names, random) });

function compose(parts: readonly Part[], random: Random): Draft {
  const { kind } = parts[0]!.gold;
  const template = pick(TEMPLATES[kind][parts.length - 1]!, random);
  const hints = random.next() < HINTED ? hintsAt(pick(parts, random), parts) : [];
  const hint = hints.length > 0 ? pick(hints, random) : undefined;
  const sentence = hint === undefined ? template : template + pick(CLAUSES, random);
  const words = parts.map(({ name }) => name);
  const { text, mentions } = fill(sentence, words, hint);
  return {
    kind,
    text,
    mentions: mentions.map((mention, index) => ({
      ...mention,
      gold: { kind: "entity", id: parts[index]!.gold.entity.id },
    })),
    pictures: random.shuffle(parts.map(({ gold }) => pick(gold.pictures, random))),
    hinted: hint !== undefined,
  };
}

/**
 * Returns the possible hints about an entity: its aliases and facts about it. For emoji, the facts are the group and
 * subgroup; for flags and logos, all properties except these two and the kind. Leaves out texts that overlap with the
 * entity's label or with a name in the caption.
 */
function hintsAt({ gold }: Part, parts: readonly Part[]): string[] {
  const { label, aliases, properties } = gold.entity;
  const { kind: _, group = [], subgroup = [], ...known } = properties;
  const facts = gold.kind === "emoji" ? { group, subgroup } : known;
  const said = [label, ...parts.map(({ name }) => name)].map(fold);
  return [...new Set([...aliases, ...Object.values(facts).flat()])].filter((hint) => {
    const folded = fold(hint);
    return /^\p{L}{3}/u.test(hint) && !said.some((name) => folded.includes(name) || name.includes(folded));
  });
}

const pick = <T>(items: readonly T[], random: Random): T => items[random.below(items.length)]!;

/** Minimum and maximum number of entities (including the gold entity) whose label or alias is the text of a mention. */
export const HOLDERS = { least: 5, most: 80 } as const;

/** An index of the entities' names. */
export interface Names {
  /** Returns the number of entities whose folded label or alias equals the folded name. */
  holders(name: string): number;
  /** Returns whether a folded label or alias of the entity equals the folded name. */
  has(entity: Entity, name: string): boolean;
  /**
   * Returns the entity's names that captions may use. The number of entities with the same name must be in the range `HOLDERS`.
   */
  shared(entity: Entity): readonly string[];
}

const WORDS = /^\p{L}[\p{L}\p{M} ’'-]{2,}$/u;

/** Keywords that are not names of anything. */
const NOT_NAMES: ReadonlySet<string> = new Set(["over", "what"]);

/** Indexes the labels and aliases of a knowledge base. */
export function indexNames(entities: readonly Entity[]): Names {
  const namesOf = new Map(entities.map((entity) => [entity.id, foldedNames(entity)]));
  const counts = new Map<string, number>();
  for (const names of namesOf.values())
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const holders = (name: string): number => counts.get(fold(name)) ?? 0;
  return {
    holders,
    has: ({ id }, name) => namesOf.get(id)?.has(fold(name)) === true,
    shared: ({ label, aliases }) =>
      [label, ...aliases].filter((name) => {
        const count = holders(name);
        return count >= HOLDERS.least && count <= HOLDERS.most && WORDS.test(name) && !NOT_NAMES.has(name);
      }),
  };
}

const foldedNames = ({ label, aliases }: Entity): Set<string> => new Set([label, ...aliases].map(fold));
