/** Why a name or a caption is no part of the data set, with what the data card says of it. */
export const REASONS = {
  "not-in-kb": "a person whose name no entity has",
  ambiguous: "a name that several entities have",
  "short-name": "one word, which is no full name to look up",
  "no-entity-picture": "an entity without picture",
  "no-person": "a caption in which no person's name was found",
  "no-picture": "a caption without picture",
  language: "a caption in a language in which names cannot be found",
  "other-names": "a caption that lost a name for one of the reasons above",
} as const satisfies Readonly<Record<string, string>>;

export type Reason = keyof typeof REASONS;

/** A name, or a caption when `mention` is absent, that was left out: a line of `rejects.jsonl`. */
export interface LeftOut {
  readonly caption: string;
  readonly mention?: string;
  readonly start?: number;
  readonly end?: number;
  readonly reason: Reason;
  /** The entities that share an ambiguous name, at most `MOST_HOLDERS`. */
  readonly entities?: readonly string[];
}

/** How many entities of an ambiguous name are told. */
export const MOST_HOLDERS = 10;
