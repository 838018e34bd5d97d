import type { Caption } from "../../core/index.js";
import { percent } from "../../core/index.js";
import { FIGURE_HEADINGS, type Figures, figureCells, figuresOf, goldsOf, markdownTable } from "../figures.js";
import { bySplit, SPLITS, type Split } from "../splits.js";
import type { Renamed } from "./rename.js";
import { type LeftOut, REASONS, type Reason } from "./resolve.js";
import { MIN_WORDS, type SplitBy } from "./split-captions.js";

/** The result of `buildNewsmel`, which is also written to `statistics.json`. */
export interface NewsmelResult {
  readonly generator: string;
  readonly seed: number;
  /** Name and version of the knowledge base, as `NAME@VERSION`. */
  readonly kb: string;
  /** Number of entities in the knowledge base. */
  readonly entities: number;
  readonly splitBy: SplitBy;
  readonly invalid: "mention" | "caption";
  readonly requirePictures: boolean;
  /** Number of captions read. */
  readonly read: number;
  readonly figures: Figures;
  /** Number of mentions that use each kind of name: full name, alias or family name. */
  readonly called: Readonly<Record<"full" | "alias" | "family", number>>;
  /** Number of captions with a picture. */
  readonly pictures: number;
  /** For the dev and test splits, the number of mentions whose entity also occurs in the train split. */
  readonly seen: Readonly<Record<"dev" | "test", number>>;
  readonly mentions: Readonly<Record<Split, number>>;
  /** Number of captions in the largest group that must stay in one split. */
  readonly largestGroup: number;
  /** Number of names and captions that were left out for each reason. */
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
  const kinds = SPLITS.flatMap((split) => renamed[split].flatMap(({ called }) => called));
  const count = (kind: (typeof kinds)[number]): number => kinds.filter((each) => each === kind).length;
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

/** Returns the text of the data card, which is written to `README.md`. */
export function datasetCard(result: NewsmelResult): string {
  const { generator, seed, kb, entities, figures, read, called, pictures, seen, mentions, leftOut } = result;
  const names = called.full + called.alias + called.family;
  const byEntity = result.splitBy === "entity";
  return `# A data set for linking people in captions

Built by \`mmel dataset build newsmel\` (generator \`${generator}\`, seed ${seed}) according to section 4.1 of the MMEL paper, from
${read} captions and the knowledge base \`${kb}\`. The same captions, knowledge base, options and seed produce identical files.
The gold entities come from looking up names, not from annotators: if a caption is about somebody outside the knowledge base
who has the same name as an entity, the gold entity is wrong.

- \`kb.jsonl\`: ${entities} entities with names and properties.
- \`train.jsonl\`, \`dev.jsonl\`, \`test.jsonl\`: captions with \`gold\`; ${pictures} of ${figures.samples} have a picture.
- \`images/\`: the pictures, if the data set has any. Pass this folder as \`--images\`.
- \`rejects.jsonl\`: every name and caption that was left out, with the reason. \`statistics.json\`: the numbers in this file.

## Rules
- People's names are found by named-entity recognition (compromise, English). A name that compromise cannot classify counts as a person's name if an entity has this name.
- A name is linked to an entity if this is the only entity with the full name as its label or an alias, after folding case
  and accents and removing text in parentheses. ${INVALID[result.invalid]}
- ${result.requirePictures ? "Captions without a picture are left out, and so are names whose entity has no picture, as in the paper." : "Captions and entities without a picture are kept."}
- Half of the people (fewer if too few have another name, or if new names clash) are renamed: to an alias or nickname from the
  knowledge base that is not a longer form of the name, or to the family name. Text and offsets are rewritten.
- Captions that share a text (before or after renaming)${byEntity ? ", a picture or a person" : " or a picture"} are in the same split. So are captions
  whose texts differ only in names and digits, if at least ${MIN_WORDS} other words remain; a shorter text ("A in London in 1950") may have
  a similar text in another split. Case and accents are ignored. These groups are distributed 7:1:2. The largest group has ${result.largestGroup} captions.${byEntity ? " No entity occurs in two splits." : " An entity may occur in several splits: report results separately for entities that occur in train and entities that do not."}

## Statistics
The columns are those of table 1 in the paper. The text length is in words.

${markdownTable(FIGURE_HEADINGS, [figureCells(figures)])}

${markdownTable(
  ["", ...SPLITS],
  [
    ["mentions", ...SPLITS.map((split) => mentions[split])],
    ["distinct entities", ...SPLITS.map((split) => figures.golds[split])],
    ["mentions whose entity occurs in train", "", seen.dev, seen.test],
  ],
)}

${markdownTable(
  ["named by", "mentions", "share"],
  [
    ["full name", called.full, share(called.full, names)],
    ["alias or nickname", called.alias, share(called.alias, names)],
    ["family name", called.family, share(called.family, names)],
  ],
)}

## Left out

${markdownTable(
  ["reason", "names or captions", ""],
  (Object.keys(REASONS) as Reason[]).map((reason) => [reason, leftOut[reason] ?? 0, REASONS[reason]]),
)}

## Licence
The captions, the pictures and the entities belong to their authors. State here what you are allowed to distribute.
`;
}

const INVALID = {
  mention: "A name without exactly one such entity is not a mention. A caption without mentions is left out.",
  caption: "A caption with a name that does not have exactly one such entity is left out, as in the paper.",
} as const;

const share = (count: number, all: number): string => percent(all === 0 ? 0 : count / all);
