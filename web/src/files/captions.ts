import { captionFromWire } from "../../../src/formats/caption.js";
import type { WireCaption } from "../../../src/formats/wire.js";
import { inOrder } from "../review/marks.js";
import type { Gold, Item, Mark } from "../review/types.js";

/** The item that a caption of a file is reviewed as. `OFFSETS` when a span does not hold its mention's text. */
export function itemFromWire(wire: WireCaption): Item {
  const { mentions, ...caption } = captionFromWire(wire);
  return {
    ...caption,
    marks: inOrder(
      mentions.map(
        ({ text, span, gold }): Mark => ({
          text,
          ...span,
          ...(gold !== undefined && { gold: gold as Gold }),
        }),
      ),
    ),
  };
}

/** The caption that an item is exported as; `gold` is null for NIL and left out where nobody decided. */
export function itemToWire({ marks, ...caption }: Item): WireCaption {
  return {
    ...caption,
    mentions: marks.map(({ gold, ...mention }) => ({
      ...mention,
      ...(gold !== undefined && { gold: gold.kind === "nil" ? null : gold.id }),
    })),
  };
}
