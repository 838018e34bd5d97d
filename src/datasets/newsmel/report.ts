import type { Caption } from "../../core/index.js";
import { type Figures, figuresOf, goldsOf } from "../figures.js";
import { bySplit, SPLITS, type Split } from "../splits.js";
import type { LeftOut, Reason } from "./reasons.js";
import type { Renamed } from "./rename.js";
import type { SplitBy } from "./split-captions.js";

/** What was made; also written as `statistics.json`. */
export interface NewsmelResult {
  readonly generator: string;
  readonly seed: number;
  /** `NAME@VERSION` of the knowledge base, and its entities. */
  readonly kb: string;
  readonly entities: number;
  readonly splitBy: SplitBy;
  readonly invalid: "mention" | "caption";
  readonly requirePictures: boolean;
  /** Captions read. */
  readonly read: number;
  readonly figures: Figures;
  /** Mentions by what the person is called. */
  readonly called: Readonly<Record<"full" | "alias" | "family", number>>;
  /** Captions with a picture. */
  readonly pictures: number;
  /** Mentions whose entity is meant in train too. */
  readonly seen: Readonly<Record<"dev" | "test", number>>;
  readonly mentions: Readonly<Record<Split, number>>;
  /** Captions of the largest group that could not be cut. */
  readonly largestGroup: number;
  /** Names and captions left out. */
  readonly leftOut: Readonly<Partial<Record<Reason, number>>>;
}

export type Settings = Pick<
  NewsmelResult,
  | "generator"
  | "seed"
  | "kb"
  | "entities"
  | "splitBy"
  | "invalid"
  | "requirePictures"
  | "read"
  | "largestGroup"
>;

export function statisticsOf(
  settings: Settings,
  renamed: Readonly<Record<Split, readonly Renamed[]>>,
  leftOut: readonly LeftOut[],
): NewsmelResult {
  const captions = bySplit((split) => renamed[split].map(({ caption }) => caption));
  const called = SPLITS.flatMap((split) => renamed[split].flatMap((one) => one.called));
  const count = (kind: (typeof called)[number]): number => called.filter((each) => each === kind).length;
  const inTrain = goldsOf(captions.train);
  const seen = (split: Split): number =>
    captions[split].flatMap(golds).filter((id) => inTrain.has(id)).length;
  return {
    ...settings,
    figures: figuresOf(captions),
    called: { full: count("full"), alias: count("alias"), family: count("family") },
    pictures: SPLITS.flatMap((split) => captions[split]).filter(({ image }) => image !== undefined).length,
    seen: { dev: seen("dev"), test: seen("test") },
    mentions: bySplit((split) => captions[split].flatMap(golds).length),
    leftOut: countsOf(leftOut),
  };
}

const golds = ({ mentions }: Caption): string[] =>
  mentions.flatMap(({ gold }) => (gold?.kind === "entity" ? [gold.id] : []));

function countsOf(leftOut: readonly LeftOut[]): Partial<Record<Reason, number>> {
  const counts: Partial<Record<Reason, number>> = {};
  for (const { reason } of leftOut) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
