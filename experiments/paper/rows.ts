import { z } from "zod";
import { mmelConfigSchema } from "../../src/models/mmel/config.js";

/** A row of the paper's tables 2 and 3 and of figure 4. */
export interface Row {
  /** The name in the table. */
  readonly name: string;
  /** The value of `head.variant` with which the row's network is trained. */
  readonly variant: string;
  /**
   * Whether the mentions are ranked without each other. −CR and −PT&CR are the networks of MMEL and −PT, ranked alone: the
   * collaborative ranking has no part in the loss.
   */
  readonly alone?: boolean;
  /** Whether the small budget trains the row with three seeds instead of one. */
  readonly isRepeated?: boolean;
  /** Negatives for each mention; default 1, as in the paper. Rows that choose among candidates have more. */
  readonly negatives?: number;
  /** Number of vectors per picture, used in place of regions; default 1. */
  readonly imageViews?: number;
}

const BASELINES_T: readonly Row[] = [
  { name: "NCEL", variant: "NCEL", negatives: 4 },
  { name: "ARNN", variant: "ARNN" },
  { name: "BERT", variant: "BERT", isRepeated: true },
  { name: "BLINK", variant: "BLINK", negatives: 4 },
  { name: "GENRE", variant: "GENRE" },
  { name: "GHMFC-onlytext", variant: "GHMFC-onlytext", isRepeated: true },
];
const BASELINES_TV: readonly Row[] = [
  { name: "JMEL", variant: "JMEL" },
  { name: "DZMNED-BERT", variant: "DZMNED-BERT" },
  { name: "HieCoATT-Alter", variant: "HieCoATT-Alter", imageViews: 6 },
  { name: "GHMFC", variant: "GHMFC", imageViews: 6 },
  { name: "LXMERT", variant: "LXMERT", imageViews: 6, negatives: 4 },
];
const ONLYTEXT: Row = { name: "MMEL-onlytext", variant: "MMEL-onlytext", isRepeated: true };
const MMEL: Row = { name: "MMEL", variant: "MMEL" };

/** Table 2: the baselines and MMEL, for text (T) and for text with pictures (T + V). */
export const TABLE2 = {
  T: [...BASELINES_T, ONLYTEXT],
  "T + V": [
    ...BASELINES_TV,
    { name: "MMEL-k1", variant: "MMEL-k1" },
    { name: "MMEL-M-Encoder", variant: "MMEL-M-Encoder" },
    MMEL,
  ],
} as const satisfies Readonly<Record<string, readonly Row[]>>;

/** Table 3: what the parts of MMEL contribute. The paper has only the half with pictures. */
export const TABLE3 = {
  T: [
    ONLYTEXT,
    { name: "-JL_t", variant: "MMEL-onlytext-JL_t" },
    { name: "-PT", variant: "MMEL-onlytext-PT", isRepeated: true },
    { name: "-CR", variant: "MMEL-onlytext", isRepeated: true, alone: true },
    { name: "-PT&CR", variant: "MMEL-onlytext-PT", isRepeated: true, alone: true },
  ],
  "T + V": [
    MMEL,
    { name: "-JL_v", variant: "-JL_v" },
    { name: "-JL_t", variant: "-JL_t" },
    { name: "-JL", variant: "-JL" },
    { name: "-PT", variant: "-PT" },
    { name: "-CR", variant: "MMEL", alone: true },
    { name: "-PT&CR", variant: "-PT", alone: true },
  ],
} as const satisfies Readonly<Record<string, readonly Row[]>>;

/** Figure 4: captions with one mention and with several. */
export const FIGURE4 = {
  T: [BASELINES_T.at(-1)!, ...TABLE3.T.filter(({ name }) => ["MMEL-onlytext", "-PT", "-CR"].includes(name))],
  "T + V": [
    BASELINES_TV.find(({ name }) => name === "GHMFC")!,
    ...TABLE3["T + V"].filter(({ name }) => ["MMEL", "-PT", "-CR"].includes(name)),
  ],
} as const satisfies Readonly<Record<string, readonly Row[]>>;

export type Modality = keyof typeof TABLE2;

/** Returns whether `mmel train` knows a variant. Rows of other variants are shown as "not run". */
export const isKnown = (variant: string): boolean => z.safeParse(mmelConfigSchema, { variant }).success;

/** Returns whether a variant is of MMEL, and not a baseline with the preset `baseline`. */
export const isMmel = (variant: string): boolean => variant.startsWith("MMEL") || variant.startsWith("-");
