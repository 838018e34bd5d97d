import type { WireCaption } from "../wire.js";
import { numberIn } from "./cells.js";
import type { MentionForm } from "./group.js";

const MENTION_COLUMNS = ["mention", "start", "end", "gold"] as const;

/** Captions as CSV: one row a mention, a caption without mentions one row with those cells empty. */
export const CAPTION_COLUMNS = ["id", "text", ...MENTION_COLUMNS, "image", "language"] as const;

/** A `gold` cell is an entity id, `NIL`, or empty when nobody said; `\NIL` is an entity whose id is NIL. */
export const captionForm: MentionForm = {
  whole: ["text", "image", "language"],
  defaults: { text: "" },
  mention: MENTION_COLUMNS,
  mentionFrom: (cells) => {
    const gold = cells.get("gold");
    return {
      text: cells.get("mention"),
      start: numberIn(cells.get("start")),
      end: numberIn(cells.get("end")),
      ...(gold !== undefined && { gold: gold === "NIL" ? null : gold.replace(/^\\/, "") }),
    };
  },
};

/** The rows of a caption, cells in the order of `CAPTION_COLUMNS`. */
export function captionRows({ id, text, image = "", language = "", mentions = [] }: WireCaption): string[][] {
  if (mentions.length === 0) return [[id, text, "", "", "", "", image, language]];
  return mentions.map(({ text: mention, start = "", end = "", gold }) => [
    id,
    text,
    mention,
    String(start),
    String(end),
    goldCell(gold),
    image,
    language,
  ]);
}

function goldCell(gold: string | null | undefined): string {
  if (gold === null) return "NIL";
  return (gold ?? "").replace(/^(?=\\|NIL$)/, "\\");
}
