/** A sequence of tokens that the text encoder reads on its own. `name` is read by GENRE's decoder only. */
export type BaselinePass = "pair" | "context" | "entity" | "mention" | "left" | "right" | "letters" | "name";

/**
 * Settings in which the baselines of the paper's table 2 differ. `baselineNetwork` builds all of them from these
 * settings. The mention's side and the entity's side are encoded apart, except by a cross-encoder (`pair`).
 */
export interface Baseline {
  /** What is read: passes of the mention's side (or of the pair), then the pass of the entity's side, if there is one. */
  readonly passes: readonly [BaselinePass, ...BaselinePass[]];
  /** What becomes of the words on the mention's side; see towers.ts and fusions.ts. */
  readonly fuse:
    | "pool"
    | "first"
    | "levels"
    | "windows"
    | "concat"
    | "modalities"
    | "alternating"
    | "crossmodal";
  /** Whether the mention's side has the caption's image. */
  readonly images: boolean;
  /** Whether the entity's side is encoded like the mention's, with the entity's image; otherwise from its text alone. */
  readonly entityImages: boolean;
  /** How the two sides become the score l; see scores.ts. */
  readonly score: "cosine" | "dot" | "linear" | "perceptron" | "likelihood" | "graph";
  /** What is minimised; see losses.ts. */
  readonly loss: "hinge" | "hinge+contrast" | "batch" | "candidates" | "two-way" | "name";
  /** The work that describes the model. */
  readonly source: string;
  /** What we use in place of parts of the original, for the model card. */
  readonly standIns: readonly string[];
}

const TEXT_ENCODER = "The text encoder named above replaces BERT and reads both sides.";
const VIEWS =
  "Views of an image (the whole and its parts) replace regions and for a convolutional net's grid.";
const CONTEXT_FIRST = "The template `Mention: … Context: …` replaces marks around the mention in the text.";

const TEXT = {
  passes: ["context", "entity"],
  fuse: "pool",
  images: false,
  entityImages: false,
  score: "cosine",
  loss: "hinge",
} as const;
const VISUAL = { ...TEXT, images: true } as const;

/** The baselines of table 2, text before images. `BLINK-bi` is the first stage of BLINK. */
export const BASELINES = {
  NCEL: {
    ...TEXT,
    score: "graph",
    loss: "candidates",
    source: "Cao et al., COLING 2018",
    standIns: [
      TEXT_ENCODER,
      "Encoded texts replace NCEL's hand-made features and for its embeddings of words and entities.",
      "One graph convolution over the candidates of up to three mentions before and after.",
    ],
  },
  ARNN: {
    ...TEXT,
    passes: ["left", "right", "mention", "entity"],
    fuse: "windows",
    score: "perceptron",
    loss: "two-way",
    source: "Eshel et al., CoNLL 2017",
    standIns: [
      TEXT_ENCODER,
      "Its states replace word embeddings, and the encoded text for the entity's embedding.",
    ],
  },
  BERT: {
    ...TEXT,
    source: "Devlin et al., NAACL 2019",
    standIns: [TEXT_ENCODER, "The mean over the tokens replaces BERT's pooler."],
  },
  "BLINK-bi": {
    ...TEXT,
    fuse: "first",
    score: "dot",
    loss: "batch",
    source: "Wu et al., EMNLP 2020 (bi-encoder)",
    standIns: [
      TEXT_ENCODER,
      CONTEXT_FIRST,
      "Negatives are the entities of one micro-batch (`microBatchTokens`).",
    ],
  },
  BLINK: {
    ...TEXT,
    passes: ["pair"],
    fuse: "first",
    score: "linear",
    loss: "candidates",
    source: "Wu et al., EMNLP 2020 (cross-encoder)",
    standIns: [
      TEXT_ENCODER,
      CONTEXT_FIRST,
      "The given candidates replace those of the bi-encoder (`BLINK-bi`).",
    ],
  },
  GENRE: {
    ...TEXT,
    passes: ["context", "name"],
    score: "likelihood",
    loss: "name",
    source: "De Cao et al., ICLR 2021",
    standIns: [
      "The text encoder named above and two new decoder layers with its vocabulary replace BART.",
      "The likelihood of every candidate's name replaces the search with beam and prefix tree.",
      "Entities of the same name get the same score.",
    ],
  },
  "GHMFC-onlytext": {
    ...TEXT,
    fuse: "levels",
    source: "Wang et al., SIGIR 2022, without images",
    standIns: [TEXT_ENCODER, "Words and phrases attend to the text itself in place of the image."],
  },
  JMEL: {
    ...VISUAL,
    fuse: "concat",
    entityImages: true,
    source: "Adjali et al., ECIR 2020",
    standIns: [TEXT_ENCODER, VIEWS, "It also replaces the n-gram and sentence embeddings."],
  },
  "DZMNED-BERT": {
    ...VISUAL,
    passes: ["context", "letters", "entity"],
    fuse: "modalities",
    source: "Moon et al., ACL 2018, with BERT",
    standIns: [
      TEXT_ENCODER,
      VIEWS,
      "The encoder's embeddings of single letters replace embeddings of characters.",
      "The encoded text replaces the entity's embedding.",
    ],
  },
  "HieCoATT-Alter": {
    ...VISUAL,
    fuse: "alternating",
    source: "Lu et al., NeurIPS 2016 (alternating co-attention)",
    standIns: [TEXT_ENCODER, VIEWS, "Self-attention over the phrases replaces the sentence level's LSTM."],
  },
  GHMFC: {
    ...VISUAL,
    fuse: "levels",
    loss: "hinge+contrast",
    source: "Wang et al., SIGIR 2022",
    standIns: [TEXT_ENCODER, VIEWS],
  },
  LXMERT: {
    ...VISUAL,
    fuse: "crossmodal",
    entityImages: true,
    score: "dot",
    loss: "candidates",
    source: "Tan and Bansal, EMNLP 2019",
    standIns: [
      TEXT_ENCODER,
      VIEWS,
      "Two cross-modal layers without LXMERT's pretraining; mention and entity are encoded apart.",
    ],
  },
} as const satisfies Readonly<Record<string, Baseline>>;

export type BaselineName = keyof typeof BASELINES;

export const BASELINE_NAMES = Object.keys(BASELINES) as [BaselineName, ...BaselineName[]];

/**
 * Lengths of the passes that are always padded to the same length, in tokens, special tokens included. A GRU is
 * unrolled over its words and a decoder learns a vector for each place, so these lengths are part of the model.
 */
export const FIXED_LENGTHS: Readonly<Partial<Record<BaselinePass, number>>> = {
  left: 24,
  right: 24,
  mention: 16,
  letters: 24,
  name: 16,
};

/** The passes of the mention's side: its candidates share them. */
const MENTION_PASSES: ReadonlySet<BaselinePass> = new Set(["context", "left", "right", "mention", "letters"]);

export const isMentionPass = (pass: BaselinePass): boolean => MENTION_PASSES.has(pass);

/** NCEL: the neighbours of a mention are the mentions at most this many places before or after it. */
export const NEIGHBOURS = 3;
