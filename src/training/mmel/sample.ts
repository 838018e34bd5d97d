import type { Caption, Entity, Random } from "../../core/index.js";
import { entityText } from "../../encoders/index.js";
import type { EntityStore } from "../../kb/index.js";
import { fold } from "../../names/index.js";
import type { TrainingConfig } from "./config.js";
import type { Choice, Example, TrainingMention } from "./examples.js";

/**
 * The mentions of a caption that are trained together: one or two, more for NCEL. Each has a list of choices: the gold entity first, then
 * its negatives.
 */
export interface Group {
  readonly caption: Caption;
  readonly mentions: readonly { readonly at: number; readonly choices: readonly Choice[] }[];
}

/** Draws the negatives of a mention. Never draws the entities whose ids are in `taken`. */
export type Negatives = (
  mention: TrainingMention,
  taken: ReadonlySet<string>,
  random: Random,
) => readonly Choice[];

export interface GroupOptions {
  /** Whether a single mention is used twice. */
  readonly twice: boolean;
  /** Maximum number of mentions in a group. */
  readonly most: number;
}

/**
 * Draws the group of a caption (section 3.4 of the paper). If the caption has several mentions, draws at most `most` of them
 * (two in the paper). All negatives differ from each other and from all gold entities. If this leaves one of the
 * mentions without negatives, the group contains only the first mention.
 */
export function sampleGroup(
  { caption, mentions }: Example,
  negatives: Negatives,
  { twice, most }: GroupOptions,
  random: Random,
): Group {
  const drawn = mentions.length > 1 ? random.shuffle([...mentions]).slice(0, most) : mentions;
  const both = drawn.length === 1 && twice ? [drawn[0]!, drawn[0]!] : drawn;
  const chosen = withNegatives(both, negatives, random);
  const complete = chosen.every(({ choices }) => choices.length > 1);
  return { caption, mentions: complete ? chosen : withNegatives(both.slice(0, 1), negatives, random) };
}

function withNegatives(
  mentions: readonly TrainingMention[],
  negatives: Negatives,
  random: Random,
): Group["mentions"] {
  const taken = new Set(mentions.map(({ gold }) => gold.entity.id));
  return mentions.map((mention) => {
    const wrong = negatives(mention, taken, random);
    for (const { entity } of wrong) taken.add(entity.id);
    return { at: mention.at, choices: [mention.gold, ...wrong] };
  });
}

/** Creates the function that draws negatives according to a configuration. */
export async function negativesOf(
  { negatives, head }: TrainingConfig,
  store: EntityStore,
): Promise<Negatives> {
  if (negatives.kind === "candidates") return candidateNegatives(negatives.count, negatives.top);
  const entities: Entity[] = [];
  for await (const entity of store.all()) entities.push(entity);
  const words = new Map<Entity, readonly string[]>();
  const wordsOf = (entity: Entity): readonly string[] => {
    const known = words.get(entity) ?? fold(entityText(entity, head.entityText)).split(" ");
    words.set(entity, known);
    return known;
  };
  return tfidfNegatives(entities, wordsOf, negatives);
}

/**
 * Creates a function that chooses negatives from the mention's own candidates, as in the paper. The first `top`
 * negatives are the best candidates; the remaining negatives are drawn at random. The function returns fewer than
 * `count` negatives if there are too few candidates.
 */
export function candidateNegatives(count: number, top: number): Negatives {
  return ({ wrong }, taken, random) => {
    const free = wrong.filter(({ entity }) => !taken.has(entity.id));
    const rest = random.shuffle(free.slice(top));
    return [...free.slice(0, top), ...rest].slice(0, count);
  };
}

/** Returns the words of an entity's text. */
export type WordsOf = (entity: Entity) => readonly string[];

/**
 * Maximum number of draws, per negative, from entities that share a word with the gold entity. If these draws yield
 * too few negatives, the same number of draws is made from all entities. If there are still too few, the mention gets
 * fewer negatives.
 */
const TRIES = 50;

/**
 * Creates a function that draws negatives as the authors' code does: it draws a word of the gold entity's text,
 * weighted by tf-idf, and then an entity whose text contains this word. For a share `uniform` of the draws, it draws
 * from all entities instead. If no other entity shares a word, it always draws from all entities.
 */
export function tfidfNegatives(
  entities: readonly Entity[],
  wordsOf: WordsOf,
  { count, uniform }: { readonly count: number; readonly uniform: number },
): Negatives {
  const entitiesWith = invertedIndex(entities, wordsOf);
  const idf = (word: string): number => Math.log(entities.length / entitiesWith.get(word)!.length);
  const drawAny = (random: Random): Entity => entities[random.below(entities.length)]!;
  const draw = (words: readonly string[], random: Random): Entity => {
    if (words.length === 0 || random.next() < uniform) return drawAny(random);
    const sharing = entitiesWith.get(drawWord(words, idf, random))!;
    return entities[sharing[random.below(sharing.length)]!]!;
  };
  return ({ gold }, taken, random) => {
    const shared = wordsOf(gold.entity).filter((word) => (entitiesWith.get(word)?.length ?? 0) > 1);
    const chosen = new Map<string, Choice>();
    for (let tries = 0; chosen.size < count && tries < 2 * TRIES * count; tries++) {
      const entity = tries < TRIES * count ? draw(shared, random) : drawAny(random);
      if (!taken.has(entity.id)) chosen.set(entity.id, { entity, prior: 0 });
    }
    return [...chosen.values()];
  };
}

/** Maps each word to the indices of the entities whose text contains it. */
function invertedIndex(
  entities: readonly Entity[],
  wordsOf: WordsOf,
): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  entities.forEach((entity, position) => {
    for (const word of new Set(wordsOf(entity))) {
      const list = index.get(word);
      if (list === undefined) index.set(word, [position]);
      else list.push(position);
    }
  });
  return index;
}

/**
 * Draws a word with a probability proportional to its weight. A word that occurs several times in `words` is counted
 * each time, which accounts for term frequency.
 */
function drawWord(words: readonly string[], weightOf: (word: string) => number, random: Random): string {
  let left = random.next() * words.reduce((sum, word) => sum + weightOf(word), 0);
  for (const word of words) {
    left -= weightOf(word);
    if (left <= 0) return word;
  }
  return words[words.length - 1]!;
}
