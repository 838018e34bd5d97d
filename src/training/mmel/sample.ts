import type { Caption, Entity, Random } from "../../core/index.js";
import type { Choice, Example, TrainingMention } from "./examples.js";

/** What a caption teaches in one step: one or two of its mentions, each with its candidates, the right one first. */
export interface Group {
  readonly caption: Caption;
  readonly mentions: readonly { readonly at: number; readonly choices: readonly Choice[] }[];
}

/** Draws the wrong candidates of a mention; none of `taken` may be among them. */
export type Negatives = (
  mention: TrainingMention,
  taken: ReadonlySet<string>,
  random: Random,
) => readonly Choice[];

/**
 * Section 4: of a caption with several mentions two are drawn; one with a single mention is used twice, or (without
 * `twice`) once. All wrong candidates differ from each other and from the golds of both mentions; where that leaves one
 * of the two without any, the first drawn stands alone.
 */
export function sampleGroup(
  { caption, mentions }: Example,
  negatives: Negatives,
  twice: boolean,
  random: Random,
): Group {
  const drawn = mentions.length > 1 ? random.shuffle([...mentions]).slice(0, 2) : mentions;
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

/** The paper's text: from the mention's own candidates; `top` of them the best-placed, the others at random. */
export function candidateNegatives(count: number, top: number): Negatives {
  return ({ wrong }, taken, random) => {
    const free = wrong.filter(({ entity }) => !taken.has(entity.id));
    const rest = random.shuffle(free.slice(top));
    return [...free.slice(0, top), ...rest].slice(0, count);
  };
}

/** Words of an entity's text, as `tfidfNegatives` counts them. */
export type WordsOf = (entity: Entity) => readonly string[];

/**
 * The authors' code: draws a word of the gold entity's text with probability by tf-idf, then an entity that shares it;
 * a share `uniform` of the draws, and all of them where no word is shared, takes any entity.
 */
export function tfidfNegatives(
  entities: readonly Entity[],
  wordsOf: WordsOf,
  { count, uniform }: { readonly count: number; readonly uniform: number },
): Negatives {
  const having = occurrences(entities, wordsOf);
  const idf = (word: string): number => Math.log(entities.length / having.get(word)!.length);
  const anyone = (random: Random): Entity => entities[random.below(entities.length)]!;
  const draw = (words: readonly string[], random: Random): Entity => {
    if (words.length === 0 || random.next() < uniform) return anyone(random);
    const sharing = having.get(weighted(words, idf, random))!;
    return entities[sharing[random.below(sharing.length)]!]!;
  };
  return ({ gold }, taken, random) => {
    const shared = wordsOf(gold.entity).filter((word) => (having.get(word)?.length ?? 0) > 1);
    const chosen = new Map<string, Choice>();
    for (let tries = 0; chosen.size < count && tries < 2 * TRIES * count; tries++) {
      const entity = tries < TRIES * count ? draw(shared, random) : anyone(random);
      if (!taken.has(entity.id)) chosen.set(entity.id, { entity, prior: 0 });
    }
    return [...chosen.values()];
  };
}

/** Draws for each entity wanted before it may be anyone, and again before there are taken to be too few. */
const TRIES = 50;

/** The entities, by index, whose text has a word. */
function occurrences(entities: readonly Entity[], wordsOf: WordsOf): ReadonlyMap<string, readonly number[]> {
  const having = new Map<string, number[]>();
  entities.forEach((entity, at) => {
    for (const word of new Set(wordsOf(entity))) {
      const list = having.get(word);
      if (list === undefined) having.set(word, [at]);
      else list.push(at);
    }
  });
  return having;
}

/** Each occurrence of a word counts, so that term frequency enters by itself. */
function weighted(words: readonly string[], weightOf: (word: string) => number, random: Random): string {
  let left = random.next() * words.reduce((sum, word) => sum + weightOf(word), 0);
  for (const word of words) {
    left -= weightOf(word);
    if (left <= 0) return word;
  }
  return words[words.length - 1]!;
}
