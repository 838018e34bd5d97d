import type { Split } from "../../src/datasets/splits.js";

/** The version of the generator: which packages, rules and texts make the data. It changes whenever any of them does. */
export const PICTOGRAPHS_VERSION = "pictographs-1";

/** Renderings differ much between artists for emoji, little for flags and logos: figures are reported apart. */
export const KINDS = ["emoji", "flag", "logo"] as const;
export type Kind = (typeof KINDS)[number];

interface Cast extends Readonly<Record<Split, readonly string[]>> {
  /** Draws the knowledge base's pictures, and no caption's. */
  readonly entity: string;
}

/** Who draws what, each the name of an `@iconify-json` package: within a kind no artist has two parts. */
export const ARTISTS: Readonly<Record<Kind, Cast>> = {
  emoji: {
    entity: "twemoji",
    train: ["noto", "emojione"],
    dev: ["fluent-emoji-flat"],
    test: ["openmoji"],
  },
  flag: { entity: "twemoji", train: ["circle-flags", "emojione"], dev: ["flag"], test: ["openmoji"] },
  logo: { entity: "logos", train: ["devicon", "vscode-icons"], dev: ["cib"], test: ["simple-icons"] },
};

/** Every artist once. */
export const ALL_ARTISTS: readonly string[] = [
  ...new Set(
    Object.values(ARTISTS).flatMap(({ entity, train, dev, test }) => [entity, ...train, ...dev, ...test]),
  ),
];
