import { captionFromWire } from "../../../src/formats/convert.js";
import type { WireCaption, WireNote, WireReview } from "../../../src/formats/wire.js";
import { inOrder } from "../review/marks.js";
import type { DecisionRecord, Gold, Item, Mark, Note } from "../review/types.js";

/**
 * Converts a caption from a file to an item. Throws `OFFSETS` if the text at a mention's offsets differs from the
 * mention's text.
 */
export function itemFromWire(wire: WireCaption): Item {
  const { mentions, ...caption } = captionFromWire(wire);
  const note = noteOf(wire.review);
  return {
    ...caption,
    ...(note && { note }),
    marks: inOrder(
      mentions.map(({ text, span, type, gold }, index): Mark => {
        const review = wire.mentions?.[index]?.review;
        const decision = gold && decisionOf(review);
        const remark = noteOf(review);
        return {
          text,
          ...span,
          ...(type !== undefined && { type }),
          ...(gold !== undefined && { gold: gold as Gold }),
          ...(decision && { decision }),
          ...(remark && { note: remark }),
          ...(review?.choices && { choices: review.choices }),
        };
      }),
    ),
  };
}

/** Returns the record of a decision in a file, or undefined if the file does not tell when it was made. */
function decisionOf(review: WireReview | undefined): DecisionRecord | undefined {
  if (review?.at === undefined) return undefined;
  const { by, at, proposed, probability, model, kb, together } = review;
  return {
    ...(by !== undefined && { by }),
    at,
    ...(proposed !== undefined && { proposed }),
    ...(probability !== undefined && { probability }),
    ...(model !== undefined && { model }),
    ...(kb !== undefined && { kb }),
    ...(together !== undefined && { together }),
  };
}

function noteOf(note: WireNote | undefined): Note | undefined {
  const { flagged, comment } = note ?? {};
  if (flagged !== true && comment === undefined) return undefined;
  return { ...(flagged && { flagged }), ...(comment !== undefined && { comment }) };
}

/** Converts an item to a caption. In the caption, `gold` is null for NIL and absent for undecided names. */
export function itemToWire({ marks, note, ...caption }: Item): WireCaption {
  return {
    ...caption,
    mentions: marks.map(({ gold, decision, note: remark, choices, detected: _, ...mention }) => ({
      ...mention,
      ...(gold !== undefined && { gold: gold.kind === "nil" ? null : gold.id }),
      ...((decision ?? remark ?? choices) && {
        review: { ...decision, ...remark, ...(choices && { choices: [...choices] }) },
      }),
    })),
    ...(note && { review: note }),
  };
}

/** Converts an item to a caption without the reviewer's decisions and remarks. */
export function captionOf(item: Item): WireCaption {
  const { review: _, mentions, ...caption } = itemToWire(item);
  return { ...caption, mentions: (mentions ?? []).map(({ gold, review, ...mention }) => mention) };
}

/** Converts captions and their decisions to JSON Lines, the input format of `mmel train` and `mmel evaluate`. */
export const exportCaptions = (items: readonly Item[]): string => jsonLines(items.map(itemToWire));

/** Writes records as JSON Lines. */
export const jsonLines = (records: readonly unknown[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join("");

/** Returns the captions in which all names are decided. Captions without names are left out. */
export const withAllDecided = (items: readonly Item[]): Item[] =>
  items.filter(({ marks }) => marks.length > 0 && marks.every(({ gold }) => gold !== undefined));
