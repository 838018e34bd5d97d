import { captionFromWire } from "../../../src/formats/convert.js";
import type { WireCaption } from "../../../src/formats/wire.js";
import { inOrder } from "../review/marks.js";
import type { Gold, Item, Mark } from "../review/types.js";

/**
 * Converts a caption from a file to an item. Throws `OFFSETS` if the text at a mention's offsets differs from the
 * mention's text.
 */
export function itemFromWire(wire: WireCaption): Item {
  const { mentions, ...caption } = captionFromWire(wire);
  return {
    ...caption,
    marks: inOrder(
      mentions.map(
        ({ text, span, type, gold }): Mark => ({
          text,
          ...span,
          ...(type !== undefined && { type }),
          ...(gold !== undefined && { gold: gold as Gold }),
        }),
      ),
    ),
  };
}

/** Converts an item to a caption. In the caption, `gold` is null for NIL and absent for undecided names. */
export function itemToWire({ marks, ...caption }: Item): WireCaption {
  return {
    ...caption,
    mentions: marks.map(({ gold, ...mention }) => ({
      ...mention,
      ...(gold !== undefined && { gold: gold.kind === "nil" ? null : gold.id }),
    })),
  };
}

/** Converts captions and their decisions to JSON Lines, the input format of `mmel train` and `mmel evaluate`. */
export const exportCaptions = (items: readonly Item[]): string =>
  items.map((item) => `${JSON.stringify(itemToWire(item))}\n`).join("");

/** Returns the captions in which all names are decided. Captions without names are left out. */
export const withAllDecided = (items: readonly Item[]): Item[] =>
  items.filter(({ marks }) => marks.length > 0 && marks.every(({ gold }) => gold !== undefined));
