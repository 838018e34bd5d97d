/**
 * Generates captions in which only the companion decides: a name that several entities share, next to the complete name
 * of another entity that is related to only one of them. The relations are those of the knowledge base. The same
 * entities and seed give the same captions; the set was frozen before any model was trained.
 *
 *     npx tsx experiments/paper/companion.ts KB.jsonl OUTPUT_DIR [--seed 1] [--count 150]
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type Caption, createRandom, type Entity } from "../../src/core/index.js";
import { captionLines, writeAtomically } from "../../src/formats/index.js";
import { fold } from "../../src/names/index.js";
import { createRelations, type Relations } from "../../src/relations/index.js";
import { entitiesIn } from "./data-sets.js";
import { groupBy } from "./group-by.js";

/**
 * How the companion is related to the gold entity. `named`: a property of one names the other, so that the text that
 * describes the one contains the other's name. `shared`: both have a value that few entities have, which the caption
 * does not mention.
 */
export type Fact = "named" | "shared";
const FACTS: readonly Fact[] = ["named", "shared"];

export interface CompanionSet {
  /** The first mention of each caption is the shared name, the second the companion, wherever they are in the text. */
  readonly own: readonly Caption[];
  /** The same captions, each with a companion of another one, who is related to none of those with the shared name. */
  readonly swapped: readonly Caption[];
}

export interface CompanionOptions {
  readonly seed: number;
  /** Maximum number of captions for each kind of fact. No entity is the gold entity or the companion twice. */
  readonly count: number;
}

/** A value relates two entities if at most this many entities have it. */
const MOST_HOLDERS = 8;
/** A value that at most this many entities have must not relate the companion to another bearer of the name. */
const MOST_HOLDERS_OF_RIVALS = 200;
/** Number of entities that may share the name, besides the gold entity. */
const RIVALS = { least: 1, most: 40 } as const;
/** Properties whose values bring nobody together. */
const PRIVATE = /birth|death|born|died|start|sex|gender|nick/i;

/** Neutral sentences: nothing but the names says who is meant. */
const SENTENCES: readonly ((first: string, second: string) => string)[] = [
  (first, second) => `${first} and ${second} in the garden.`,
  (first, second) => `${first} with ${second} on the stairs.`,
  (first, second) => `${first} next to ${second}, second row.`,
  (first, second) => `From left: ${first}, ${second}.`,
  (first, second) => `${first} greets ${second} at the door.`,
  (first, second) => `${first} listens to ${second}.`,
];

/** An entity whose last word is its family name, with the entities that share this word. */
interface Person {
  readonly entity: Entity;
  readonly family: string;
  readonly rivals: readonly string[];
}

interface Pair {
  readonly fact: Fact;
  readonly gold: Person;
  readonly companion: Person;
}

/** Generates the set from the entities of a knowledge base. */
export function companionSet(entities: readonly Entity[], { seed, count }: CompanionOptions): CompanionSet {
  const random = createRandom(`${seed}/companion`);
  const relations = createRelations(entities);
  const people = peopleAmong(entities);
  const near = neighboursWithin(relations, entities, MOST_HOLDERS, (property) => !PRIVATE.test(property));
  const far = neighboursWithin(relations, entities, MOST_HOLDERS_OF_RIVALS, () => true);
  const decides = ({ gold, companion }: Pair): boolean =>
    gold.rivals.every((rival) => rival !== companion.entity.id && !far(companion.entity.id).has(rival));
  const pairs = [...people.values()]
    .filter(({ rivals }) => rivals.length >= RIVALS.least && rivals.length <= RIVALS.most)
    .flatMap((gold) =>
      [...near(gold.entity.id)].flatMap(([id, fact]): Pair[] => {
        const companion = people.get(id);
        return companion === undefined || companion.family === gold.family ? [] : [{ fact, gold, companion }];
      }),
    );
  const shuffled = random.shuffle(pairs);
  const chosen = FACTS.flatMap((fact) =>
    withoutRepeats(
      shuffled.filter((pair) => pair.fact === fact),
      decides,
    ).slice(0, count),
  );
  const isStranger = ({ gold }: Pair, { entity, family }: Person): boolean =>
    family !== gold.family &&
    entity.id !== gold.entity.id &&
    [gold.entity.id, ...gold.rivals].every((id) => id !== entity.id && !far(entity.id).has(id));
  const kept = FACTS.flatMap((fact) =>
    strangersFor(
      chosen.filter((pair) => pair.fact === fact),
      isStranger,
    ),
  );
  const drawn = kept.map(() => ({
    sentence: random.below(SENTENCES.length),
    isFirst: random.below(2) === 0,
  }));
  const captions = (companionOf: (index: number) => Person): Caption[] =>
    kept.map(({ pair }, index) => captionFor(pair, companionOf(index), index, drawn[index]!));
  return {
    own: captions((index) => kept[index]!.pair.companion),
    swapped: captions((index) => kept[index]!.stranger),
  };
}

/** Matches labels of two or more capitalised words that do not end in a number, so neither "of" nor "(footballer)". */
const PLAIN_LABEL = /^(?:\p{Lu}[\p{L}\p{M}.'’-]* )+\p{Lu}[\p{L}\p{M}'’-]*\p{Ll}$/u;

/** Returns the entities with a plain label that no other entity has, by id. */
function peopleAmong(entities: readonly Entity[]): Map<string, Person> {
  const plain = entities.filter(({ label }) => PLAIN_LABEL.test(label));
  const byLabel = groupBy(entities, ({ label }) => fold(label));
  const byFamily = groupBy(entities, ({ label }) => fold(lastWord(label)));
  return new Map(
    plain
      .filter(({ label }) => byLabel.get(fold(label))!.length === 1)
      .map((entity) => {
        const family = fold(lastWord(entity.label));
        const rivals = byFamily.get(family)!.flatMap(({ id }) => (id === entity.id ? [] : [id]));
        return [entity.id, { entity, family, rivals }];
      }),
  );
}

const lastWord = (label: string): string => label.split(" ").at(-1)!;

type Neighbours = (id: string) => ReadonlyMap<string, Fact>;

/**
 * Returns a function that finds the entities related to an entity: those that a value of one names, and those with which
 * it shares a value that at most `holders` entities have. `counts` selects properties.
 */
function neighboursWithin(
  relations: Relations,
  entities: readonly Entity[],
  holders: number,
  counts: (property: string) => boolean,
): Neighbours {
  const found = new Map<string, Map<string, Fact>>(entities.map(({ id }) => [id, new Map()]));
  const holdersOf = new Map<number, Set<string>>();
  for (const { id } of entities)
    for (const { property, key, holders: all, targets } of relations.of(id)) {
      if (!counts(property)) continue;
      for (const target of targets) {
        found.get(id)!.set(target.id, "named");
        found.get(target.id)!.set(id, "named");
      }
      if (targets.length > 0 || all > holders) continue;
      holdersOf.set(key, (holdersOf.get(key) ?? new Set()).add(id));
    }
  for (const group of holdersOf.values())
    for (const one of group)
      for (const other of group)
        if (one !== other && !found.get(one)!.has(other)) found.get(one)!.set(other, "shared");
  return (id) => found.get(id)!;
}

/** Keeps the pairs that satisfy `isGood`, in order, without repeating an entity in the same place. */
function withoutRepeats(pairs: readonly Pair[], isGood: (pair: Pair) => boolean): Pair[] {
  const [golds, companions] = [new Set<string>(), new Set<string>()];
  return pairs.filter((pair) => {
    const [gold, companion] = [pair.gold.entity.id, pair.companion.entity.id];
    if (golds.has(gold) || companions.has(companion) || !isGood(pair)) return false;
    golds.add(gold);
    companions.add(companion);
    return true;
  });
}

/**
 * Gives each pair the companion of another pair: the first unused one after it, in a circle, that is a stranger. Pairs
 * for which there is none are left out.
 */
function strangersFor(
  pairs: readonly Pair[],
  isStranger: (pair: Pair, person: Person) => boolean,
): { readonly pair: Pair; readonly stranger: Person }[] {
  const used = new Set<Person>();
  return pairs.flatMap((pair, index) => {
    const others = [...pairs.slice(index + 1), ...pairs.slice(0, index)].map(({ companion }) => companion);
    const stranger = others.find((person) => !used.has(person) && isStranger(pair, person));
    if (stranger === undefined) return [];
    used.add(stranger);
    return [{ pair, stranger }];
  });
}

/** Writes a caption; `isFirst` says whether the shared name is the first name in the text. */
function captionFor(
  { fact, gold }: Pair,
  companion: Person,
  index: number,
  { sentence, isFirst }: { readonly sentence: number; readonly isFirst: boolean },
): Caption {
  const [name, other] = [lastWord(gold.entity.label), companion.entity.label];
  const names = isFirst ? [name, other] : [other, name];
  const text = SENTENCES[sentence]!(names[0]!, names[1]!);
  const starts = [text.indexOf(names[0]!), text.lastIndexOf(names[1]!)];
  const mention = (name: string, start: number, id: string): Caption["mentions"][number] => ({
    text: name,
    span: { start, end: start + name.length },
    gold: { kind: "entity", id },
  });
  return {
    id: `${fact}-${String(index + 1).padStart(4, "0")}`,
    text,
    mentions: [
      mention(name, starts[isFirst ? 0 : 1]!, gold.entity.id),
      mention(other, starts[isFirst ? 1 : 0]!, companion.entity.id),
    ],
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "150" } },
  });
  const [kb, output] = positionals;
  if (kb === undefined || output === undefined)
    throw new Error("usage: companion.ts KB.jsonl OUTPUT_DIR [--seed 1] [--count 150]");
  const options = { seed: Number(values.seed), count: Number(values.count) };
  const { own, swapped } = companionSet(await entitiesIn(kb), options);
  await writeAtomically(join(output, "companion.jsonl"), captionLines(own));
  await writeAtomically(join(output, "swapped.jsonl"), captionLines(swapped));
  console.log(`${own.length} captions`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
