import type { Caption, Entity, Mention } from "../../core/index.js";
import type { EntityStore } from "../../kb/index.js";
import { fold } from "../../names/index.js";

/**
 * A name that a tagger found. `certain` is true if the tagger classified the name as a person's name, and false if the
 * name may belong to a person.
 */
export interface FoundName {
  readonly mention: Mention;
  readonly certain: boolean;
}

/** A person's name in a caption, and the entity that it refers to. */
export interface ResolvedMention {
  readonly mention: Mention;
  readonly entity: Entity;
}

export interface Resolved {
  readonly caption: Caption;
  readonly people: readonly ResolvedMention[];
}

export interface ResolveOptions {
  /** Maps each name key to the entities with this name (see `lookUpNames`). */
  readonly holders: ReadonlyMap<string, readonly Entity[]>;
  /** What to leave out if a name has no unique entity: only the name, or the complete caption as in the paper. */
  readonly invalid: "mention" | "caption";
  /** Whether to leave out captions without a picture, and names whose entity has no picture. */
  readonly requirePictures: boolean;
}

/** Reasons for leaving out a name or a caption, with the descriptions that the data card lists. */
export const REASONS = {
  "not-in-kb": "a person's name that no entity has",
  ambiguous: "a name that several entities have",
  "short-name": "a single word, which is not a full name",
  "no-entity-picture": "a name whose entity has no picture",
  "no-person": "a caption without a person's name",
  "no-picture": "a caption without a picture",
  language: "a caption in a language other than English",
  "other-names": "a caption in which all names were left out (with `--invalid caption`: any name)",
} as const satisfies Readonly<Record<string, string>>;

export type Reason = keyof typeof REASONS;

/**
 * A line of `rejects.jsonl`. It describes a name that was left out or, if `mention` is absent, a caption that was left
 * out.
 */
export interface LeftOut {
  readonly caption: string;
  readonly mention?: string;
  readonly start?: number;
  readonly end?: number;
  readonly reason: Reason;
  /** Ids of entities that share an ambiguous name, at most `MAX_HOLDERS`. */
  readonly entities?: readonly string[];
}

const MAX_HOLDERS = 10;

/**
 * Finds the entities of the people who are named in a caption. A name is used if it is a full name that exactly one
 * entity has; with `requirePictures`, this entity must also have a picture. A name that no entity has is ignored if it
 * is uncertain (not `certain`). All other names are left out, and `onLeftOut` is called for each of them. If the
 * complete caption is left out, also calls `onLeftOut` for the caption and returns undefined.
 */
export function resolveCaption(
  caption: Caption,
  names: readonly FoundName[],
  options: ResolveOptions,
  onLeftOut: (leftOut: LeftOut) => void,
): Resolved | undefined {
  const people: ResolvedMention[] = [];
  let lost = 0;
  for (const { mention, certain } of names) {
    const holders = options.holders.get(nameKey(mention.text)) ?? [];
    const reason = reasonAgainst(mention, holders, options.requirePictures);
    if (reason === undefined) people.push({ mention, entity: holders[0]! });
    else if (certain || holders.length > 0) {
      lost += 1;
      onLeftOut(leftOutName(caption, mention, reason, holders));
    }
  }
  const reason = reasonAgainstCaption(caption, people.length, lost, options);
  if (reason === undefined) return { caption, people };
  onLeftOut({ caption: caption.id, reason });
  return undefined;
}

function reasonAgainst({ text }: Mention, holders: readonly Entity[], pictures: boolean): Reason | undefined {
  if (!nameKey(text).includes(" ")) return "short-name";
  if (holders.length !== 1) return holders.length === 0 ? "not-in-kb" : "ambiguous";
  return pictures && holders[0]!.images.length === 0 ? "no-entity-picture" : undefined;
}

function reasonAgainstCaption(
  { image }: Caption,
  people: number,
  lost: number,
  { invalid, requirePictures }: ResolveOptions,
): Reason | undefined {
  if (people + lost === 0) return "no-person";
  if (people === 0 || (lost > 0 && invalid === "caption")) return "other-names";
  return requirePictures && image === undefined ? "no-picture" : undefined;
}

function leftOutName(
  caption: Caption,
  { text, span }: Mention,
  reason: Reason,
  holders: readonly Entity[],
): LeftOut {
  const ids = holders.slice(0, MAX_HOLDERS).map(({ id }) => id);
  return {
    caption: caption.id,
    mention: text,
    ...span,
    reason,
    ...(reason === "ambiguous" && { entities: ids }),
  };
}

const QUALIFIER = /\([^()]*\)/gu;

/** Returns the key by which full names are compared: the folded name, without qualifiers such as "(footballer)". */
export function nameKey(name: string): string {
  return fold(name.replace(QUALIFIER, " "));
}

export interface LookUpOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((entities: number) => void) | undefined;
}

/**
 * Finds the entities whose label or alias has a wanted name key. Returns a map from each name key to its entities,
 * sorted by id. Name keys without entities are absent. Reads the knowledge base once, and keeps only these entities in
 * memory.
 */
export async function lookUpNames(
  store: Pick<EntityStore, "all">,
  wanted: ReadonlySet<string>,
  { signal, onProgress }: LookUpOptions = {},
): Promise<ReadonlyMap<string, readonly Entity[]>> {
  const holders = new Map<string, Entity[]>();
  let done = 0;
  for await (const entity of store.all(signal === undefined ? {} : { signal })) {
    const keys = new Set([entity.label, ...entity.aliases].map(nameKey));
    for (const key of keys) {
      if (!wanted.has(key)) continue;
      const known = holders.get(key);
      if (known === undefined) holders.set(key, [entity]);
      else known.push(entity);
    }
    onProgress?.(++done);
  }
  return holders;
}
