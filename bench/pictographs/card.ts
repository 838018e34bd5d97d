import {
  FIGURE_HEADINGS,
  type Figures,
  figureCells,
  figuresOf,
  markdownTable,
  mean,
} from "../../src/datasets/figures.js";
import { bySplit, SPLITS, type Split } from "../../src/datasets/splits.js";
import { ALL_ARTISTS, ARTISTS, KINDS, type Kind } from "./artists.js";
import { type Draft, HOLDERS, type Names } from "./compose.js";
import type { Dropped } from "./draw.js";
import { type IconSets, iconPackage, type SourcePackage } from "./packages.js";

/** The columns of table 1 in the paper, and measures of difficulty. */
export interface TableRow extends Figures {
  /** Share of captions whose text contains a hint: a fact about one of the gold entities in addition to its name. */
  readonly hinted: number;
  /** Number of other entities whose label or alias is the mention's text: minimum, median and maximum over all mentions. */
  readonly rivals: { readonly least: number; readonly median: number; readonly most: number };
}

/** A summary of the generated data. `statistics.json` contains it too. */
export interface PictographResult {
  readonly generator: string;
  readonly seed: number;
  readonly entities: Readonly<Record<Kind, number>>;
  readonly captions: Readonly<Record<"all" | Kind, TableRow>>;
  readonly dropped: Dropped;
  /** Version of each package, by name. */
  readonly packages: Readonly<Record<string, string>>;
}

export type DraftsBySplit = Readonly<Record<Split, readonly Draft[]>>;

/** Computes one row for all captions and one row for each kind. */
export function statisticsOf(drafts: DraftsBySplit, names: Names): PictographResult["captions"] {
  return { all: row(drafts, names), ...byKind((kind) => row(selected(drafts, kind), names)) };
}

/** Returns a record with one value per kind. */
export const byKind = <T>(value: (kind: Kind) => T): Record<Kind, T> =>
  Object.fromEntries(KINDS.map((kind) => [kind, value(kind)])) as Record<Kind, T>;

function selected(drafts: DraftsBySplit, kind: Kind): DraftsBySplit {
  return bySplit((split) => drafts[split].filter((draft) => draft.kind === kind));
}

function row(drafts: DraftsBySplit, names: Names): TableRow {
  const all = SPLITS.flatMap((split) => drafts[split]);
  const mentions = all.flatMap((draft) => draft.mentions);
  const rivals = mentions.map(({ text }) => names.holders(text) - 1).sort((a, b) => a - b);
  return {
    ...figuresOf(drafts),
    hinted: mean(all.map(({ hinted }) => Number(hinted))),
    rivals: {
      least: rivals[0] ?? 0,
      median: rivals[Math.floor(rivals.length / 2)] ?? 0,
      most: rivals.at(-1) ?? 0,
    },
  };
}

/**
 * Returns the data card, which becomes the `README.md` in the generated folder. The generated benchmark must stay
 * byte-identical, so this text must not change either.
 */
export async function datasetCard(
  { generator, seed, entities, captions, dropped }: PictographResult,
  packages: ReadonlyMap<string, SourcePackage>,
  sets: IconSets,
): Promise<string> {
  const { default: sharp } = await import("sharp");
  const total = Object.values(entities).reduce((sum, count) => sum + count, 0);
  return `# Pictographs

A synthetic benchmark for multi-mention multimodal entity linking, made by \`mmel dataset build pictographs\` (generator
\`${generator}\`, seed ${seed}) from installed npm packages. The captions are made from templates, not written by people.
The generator was frozen before a model was trained on its output: its difficulty is not tuned.

- \`kb.jsonl\`: ${total} entities (${KINDS.map((kind) => `${entities[kind]} ${kind}s`).join(", ")}) with names, keywords, facts and a picture.
- \`train.jsonl\`, \`dev.jsonl\`, \`test.jsonl\`: captions; ids begin with \`emoji\`, \`flag\` or \`logo\`. Renderings of flags
  and logos differ little between artists: report the kinds apart.
- \`images/\`: PNG files, 224 pixels high, named after their content; several mentions have their pictures side by side, in
  no telling order. Pass it as \`--images\`.

## Rules
- A mention is a label or keyword of its entity that ${HOLDERS.least - 1} to ${HOLDERS.most - 1} other entities (its rivals) have too.
- The text helps in about a third of the captions, by a keyword or fact of one meant entity.
- The entities that captions may mean are split 7:1:2, each kind for itself: none is meant in two splits. A few drop out
  where their split's artist did not draw them.
- A caption's picture is by another artist than the entity's. Pictures nearly the same as another artist's of the same
  entity (mean difference of 16 × 16 grey levels under 6 %) are left out (${dropped.nearlySame}), and those that show nothing on white
  (${dropped.blank}); logos of mere lettering too; entities that look the same as another in the knowledge base are never meant.

${markdownTable(
  ["kind", "entity", ...SPLITS],
  KINDS.map((kind) => [
    kind,
    ARTISTS[kind].entity,
    ...SPLITS.map((split) => ARTISTS[kind][split].join(", ")),
  ]),
)}

## Statistics
Columns of table 1 of the MMEL paper; text length in words.

${markdownTable(
  ["kind", ...FIGURE_HEADINGS],
  (["all", ...KINDS] as const).map((kind) => [kind, ...figureCells(captions[kind])]),
)}

${markdownTable(
  [
    "kind",
    ...SPLITS.map((split) => `entities meant, ${split}`),
    "captions with a hint",
    "rivals, least",
    "median",
    "most",
  ],
  (["all", ...KINDS] as const).map((kind) => more(kind, captions[kind])),
)}

## Sources and licences
The pictures are works of these authors under these licences, rendered by sharp ${sharp.versions.sharp ?? ""}. Whoever passes them on
has to keep to the licences.

${markdownTable(
  ["package", "version", "licence", "author"],
  [...packages.values()].map(({ name, version, license }) => [name, version, license, authorOf(name, sets)]),
)}
`;
}

function more(kind: "all" | Kind, { golds, hinted, rivals }: TableRow): string[] {
  const counts = SPLITS.map((split) => golds[split]);
  return [kind, ...counts, `${(100 * hinted).toFixed(1)} %`, rivals.least, rivals.median, rivals.most].map(
    String,
  );
}

function authorOf(name: string, sets: IconSets): string {
  const artist = ALL_ARTISTS.find((candidate) => iconPackage(candidate) === name);
  return artist === undefined ? "" : (sets.get(artist)?.author ?? "");
}
