import type { Split } from "../../src/datasets/splits.js";

/** Version of the generator. It must change whenever the generator's packages, rules or texts change. */
export const PICTOGRAPHS_VERSION = "pictographs-1";

/**
 * The kinds of pictographs. Results are reported per kind, because drawings by different artists differ much more for emoji
 * than for flags and logos.
 */
export const KINDS = ["emoji", "flag", "logo"] as const;
export type Kind = (typeof KINDS)[number];

interface Artists extends Readonly<Record<Split, readonly string[]>> {
  /** Artist of the pictures in the knowledge base. No caption has a picture by this artist. */
  readonly entity: string;
}

/**
 * The artists of each kind, as names of `@iconify-json` packages. Within a kind, an artist belongs either to one split or to
 * the knowledge base.
 */
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
