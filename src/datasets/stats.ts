import type { Caption } from "../core/index.js";

/** Counts over captions. Means are null if there is nothing to average. */
export interface CaptionStats {
  readonly captions: number;
  readonly withoutMentions: number;
  readonly singleMention: number;
  readonly multiMention: number;
  readonly mentions: number;
  readonly mentionsPerCaption: number | null;
  readonly wordsPerCaption: number | null;
  /** Mentions whose gold annotation is an entity. */
  readonly goldEntities: number;
  /** Mentions whose gold annotation is NIL. */
  readonly goldNil: number;
  readonly unannotated: number;
  readonly distinctGoldEntities: number;
  readonly withImage: number;
  readonly distinctImages: number;
}

/** Counts captions one by one. Holds only the distinct gold ids and image paths in memory. */
export interface CaptionCounter {
  add(caption: Caption): void;
  stats(): CaptionStats;
}

export function createCaptionCounter(): CaptionCounter {
  const counts = { captions: 0, withoutMentions: 0, singleMention: 0, multiMention: 0, mentions: 0 };
  const gold = { goldEntities: 0, goldNil: 0, unannotated: 0 };
  const [golds, images] = [new Set<string>(), new Set<string>()];
  let words = 0;
  let withImage = 0;
  const add = ({ text, mentions, image }: Caption): void => {
    counts.captions += 1;
    counts.mentions += mentions.length;
    if (mentions.length === 0) counts.withoutMentions += 1;
    else if (mentions.length === 1) counts.singleMention += 1;
    else counts.multiMention += 1;
    words += text.match(/\S+/g)?.length ?? 0;
    for (const mention of mentions) {
      if (mention.gold === undefined) gold.unannotated += 1;
      else if (mention.gold.kind === "nil") gold.goldNil += 1;
      else {
        gold.goldEntities += 1;
        golds.add(mention.gold.id);
      }
    }
    if (image === undefined) return;
    withImage += 1;
    images.add(image);
  };
  const perCaption = (total: number): number | null =>
    counts.captions === 0 ? null : total / counts.captions;
  const stats = (): CaptionStats => ({
    ...counts,
    mentionsPerCaption: perCaption(counts.mentions),
    wordsPerCaption: perCaption(words),
    ...gold,
    distinctGoldEntities: golds.size,
    withImage,
    distinctImages: images.size,
  });
  return { add, stats };
}
