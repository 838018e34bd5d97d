import type { Caption, Entity, Mention } from "../../core/index.js";
import { nameKey } from "./names.js";
import { type LeftOut, MOST_HOLDERS, type Reason } from "./reasons.js";

/** A name that a tagger found; `certain` when it calls it a person's, else it may be one. */
export interface FoundName {
  readonly mention: Mention;
  readonly certain: boolean;
}

/** A person's name in a caption, and whom it means. */
export interface Meant {
  readonly mention: Mention;
  readonly entity: Entity;
}

export interface Resolved {
  readonly caption: Caption;
  readonly meant: readonly Meant[];
}

export interface ResolveOptions {
  readonly holders: ReadonlyMap<string, readonly Entity[]>;
  /** What a name without entity takes with it: itself, or its caption as in the paper. */
  readonly invalid: "mention" | "caption";
  /** Leave out entities and captions without picture. */
  readonly requirePictures: boolean;
}

/**
 * Gives each person's name of a caption the one entity that has it as full name. Names that may be a person's but have no
 * entity are none. Undefined when nothing of the caption stays; all that goes is handed to `leaveOut` with its reason.
 */
export function resolveCaption(
  caption: Caption,
  names: readonly FoundName[],
  options: ResolveOptions,
  leaveOut: (what: LeftOut) => void,
): Resolved | undefined {
  const meant: Meant[] = [];
  let lost = 0;
  for (const { mention, certain } of names) {
    const holders = options.holders.get(nameKey(mention.text)) ?? [];
    const reason = reasonAgainst(mention, holders, options.requirePictures);
    if (reason === undefined) meant.push({ mention, entity: holders[0]! });
    else if (certain || holders.length > 0) {
      lost += 1;
      leaveOut(leftOut(caption, mention, reason, holders));
    }
  }
  const against = reasonAgainstCaption(caption, meant.length, lost, options);
  if (against === undefined) return { caption, meant };
  leaveOut({ caption: caption.id, reason: against });
  return undefined;
}

function reasonAgainst({ text }: Mention, holders: readonly Entity[], pictures: boolean): Reason | undefined {
  if (!nameKey(text).includes(" ")) return "short-name";
  if (holders.length !== 1) return holders.length === 0 ? "not-in-kb" : "ambiguous";
  return pictures && holders[0]!.images.length === 0 ? "no-entity-picture" : undefined;
}

function reasonAgainstCaption(
  { image }: Caption,
  meant: number,
  lost: number,
  { invalid, requirePictures }: ResolveOptions,
): Reason | undefined {
  if (meant + lost === 0) return "no-person";
  if (meant === 0 || (lost > 0 && invalid === "caption")) return "other-names";
  return requirePictures && image === undefined ? "no-picture" : undefined;
}

function leftOut(
  caption: Caption,
  { text, span }: Mention,
  reason: Reason,
  holders: readonly Entity[],
): LeftOut {
  const ids = holders.slice(0, MOST_HOLDERS).map(({ id }) => id);
  return {
    caption: caption.id,
    mention: text,
    ...span,
    reason,
    ...(reason === "ambiguous" && { entities: ids }),
  };
}
