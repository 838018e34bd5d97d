import type { Entity, Mention, Random } from "../../src/core/index.js";
import { fold } from "../../src/names/index.js";
import type { Kind } from "./artists.js";
import { CLAUSES, fill, TEMPLATES } from "./templates.js";

/** An entity that captions may mean. */
export interface Gold {
  readonly kind: Kind;
  readonly entity: Entity;
  /** What a caption may call it, each shared with enough others. */
  readonly names: readonly string[];
  /** Files of its pictures by the artists of its split. */
  readonly pictures: readonly string[];
}

/** A caption before it has an id and one picture. */
export interface Draft {
  readonly kind: Kind;
  readonly text: string;
  readonly mentions: readonly Mention[];
  /** One a mention, in no telling order. */
  readonly pictures: readonly string[];
  /** Whether the text says more of a meant entity than its name. */
  readonly hinted: boolean;
}

/** Captions that lead with one gold, for each of a kind. */
const CAPTIONS_A_GOLD: Readonly<Record<Kind, number>> = { emoji: 4, flag: 6, logo: 8 };

/** Shares of captions with one and with at most two mentions. */
const SINGLE = 0.6;
const AT_MOST_TWO = 0.85;

/** Share of captions whose text helps, and of companions that are related. */
const HINTED = 0.35;
const RELATED = 0.5;

/** Draws before a caption gets fewer mentions, or is given up for being there already. */
const TRIES = 20;

/** Captions about the golds of one kind and split. No two have the same text and pictures. */
export function composeCaptions(golds: readonly Gold[], names: Names, random: Random): Draft[] {
  const drafts = new Map<string, Draft>();
  const related = byKinship(golds);
  for (const lead of golds) {
    for (let caption = 0; caption < CAPTIONS_A_GOLD[lead.kind]; caption++) {
      for (let tries = 0, before = drafts.size; tries < TRIES && drafts.size === before; tries++) {
        const draft = compose(castAround(lead, golds, related.get(kinshipOf(lead))!, names, random), random);
        const key = JSON.stringify([draft.text, [...draft.pictures].sort()]);
        if (!drafts.has(key)) drafts.set(key, draft);
      }
    }
  }
  return [...drafts.values()];
}

/** What related entities have in common: flags a continent, others a subgroup. */
const kinshipOf = ({ entity: { properties } }: Gold): string =>
  properties.continent?.[0] ?? properties.subgroup?.[0] ?? "";

function byKinship(golds: readonly Gold[]): ReadonlyMap<string, readonly Gold[]> {
  const groups = new Map<string, Gold[]>();
  for (const gold of golds) {
    const group = groups.get(kinshipOf(gold));
    if (group === undefined) groups.set(kinshipOf(gold), [gold]);
    else group.push(gold);
  }
  return groups;
}

interface Part {
  readonly gold: Gold;
  readonly name: string;
}

/** The lead and up to two companions, each called by a name that no other of them has. */
function castAround(
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
  for (let tries = 0; parts.length < size && tries < TRIES; tries++) {
    const next = partOf(pick(from, random), random);
    const clear = parts.every(
      ({ gold, name }) => !names.has(next.gold.entity, name) && !names.has(gold.entity, next.name),
    );
    if (clear) parts.push(next);
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
    mentions: mentions.map((mention, at) => ({
      ...mention,
      gold: { kind: "entity", id: parts[at]!.gold.entity.id },
    })),
    pictures: random.shuffle(parts.map(({ gold }) => pick(gold.pictures, random))),
    hinted: hint !== undefined,
  };
}

/** What the knowledge base says of a part beside its label and the names in the text; groups tell nothing of flags and logos. */
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

/** Fewest and most entities, the meant one among them, that a mention's name may be a label or alias of. */
export const HOLDERS = { least: 5, most: 80 } as const;

/** Which entities have a name. */
export interface Names {
  /** How many have it as label or alias, in whatever spelling. */
  holders(name: string): number;
  has(entity: Entity, name: string): boolean;
  /** The names of an entity that enough others share: what a caption may call it. */
  shared(entity: Entity): readonly string[];
}

const WORDS = /^\p{L}[\p{L}\p{M} ’'-]{2,}$/u;

/** Words among the keywords that are no name for anything. */
const NO_NAMES: ReadonlySet<string> = new Set(["over", "what"]);

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
        return count >= HOLDERS.least && count <= HOLDERS.most && WORDS.test(name) && !NO_NAMES.has(name);
      }),
  };
}

const foldedNames = ({ label, aliases }: Entity): Set<string> => new Set([label, ...aliases].map(fold));
