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

export interface SamplingOptions {
  readonly negatives: Negatives;
  /** Wrong candidates a mention; fewer where there are no more. */
  readonly count: number;
  /** A caption with one mention stands for both mentions of the pair loss (section 4). */
  readonly twice: boolean;
}

/**
 * Section 4: of a caption with several mentions two are drawn; one with a single mention is used twice, or once. All
 * wrong candidates differ from each other and from the golds of both mentions.
 */
export function sampleGroup({ caption, mentions }: Example, options: SamplingOptions, random: Random): Group {
  const drawn = mentions.length > 1 ? random.shuffle([...mentions]).slice(0, 2) : mentions;
  const both = drawn.length === 1 && options.twice ? [drawn[0]!, drawn[0]!] : drawn;
  const taken = new Set(both.map(({ gold }) => gold.entity.id));
  return {
    caption,
    mentions: both.map((mention) => {
      const wrong = options.negatives(mention, taken, random).slice(0, options.count);
      for (const { entity } of wrong) taken.add(entity.id);
      return { at: mention.at, choices: [mention.gold, ...wrong] };
    }),
  };
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
 * a share `uniform` of the draws takes any entity.
 */
export function tfidfNegatives(
  entities: readonly Entity[],
  wordsOf: WordsOf,
  { count, uniform }: { readonly count: number; readonly uniform: number },
): Negatives {
  const having = new Map<string, number[]>();
  entities.forEach((entity, at) => {
    for (const word of new Set(wordsOf(entity))) {
      const list = having.get(word);
      if (list === undefined) having.set(word, [at]);
      else list.push(at);
    }
  });
  const idf = (word: string): number =>
    Math.log(entities.length / (having.get(word)?.length ?? entities.length));
  const draw = (gold: Entity, random: Random): Entity => {
    const words = wordsOf(gold);
    if (random.next() < uniform || words.length === 0) return entities[random.below(entities.length)]!;
    const sharing = having.get(weighted(words, idf, random)) ?? [];
    return entities[sharing[random.below(sharing.length)] ?? random.below(entities.length)]!;
  };
  return ({ gold }, taken, random) => {
    const chosen = new Map<string, Choice>();
    for (let tries = 0; chosen.size < count && tries < 50 * count; tries++) {
      const entity = draw(gold.entity, random);
      if (!taken.has(entity.id)) chosen.set(entity.id, { entity, prior: 0 });
    }
    return [...chosen.values()];
  };
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
