import type { Split } from "../../src/datasets/splits.js";

/** The version of the generator. It changes whenever the packages, the rules or the texts that determine the data change. */
export const PICTOGRAPHS_VERSION = "pictographs-1";

/** The kinds of pictographs. Emoji differ a lot between artists, flags and logos only a little, so results are reported per kind. */
export const KINDS = ["emoji", "flag", "logo"] as const;
export type Kind = (typeof KINDS)[number];

interface Artists extends Readonly<Record<Split, readonly string[]>> {
  /** The artist of the pictures in the knowledge base, used for no caption. */
  readonly entity: string;
}

/** The artists of each kind, by `@iconify-json` package. Within a kind, an artist belongs to a single split or to the knowledge base. */
export const ARTISTS: Readonly<Record<Kind, Artists>> = {
  emoji: {
    entity: "twemoji",
    train: ["noto", "emojione"],
    dev: ["fluent-emoji-flat"],
    test: ["openmoji"],
  },
  flag: { entity: "twemoji", train: ["circle-flags", "emojione"], dev: ["flag"], test: ["openmoji"] },
  logo: { entity: "logos", train: ["devicon", "vscode-icons"], dev: ["cib"], test: ["simple-icons"] },
};

/** All artists, without duplicates. */
export const ALL_ARTISTS: readonly string[] = [
  ...new Set(
    Object.values(ARTISTS).flatMap(({ entity, train, dev, test }) => [entity, ...train, ...dev, ...test]),
  ),
];
