import { z } from "zod";
import { type Caption, MAX_MENTIONS, MmelError } from "../core/index.js";
import { captionFromWire, captionSchema, captionToWire, parseWire } from "../formats/index.js";

const { id, text, mentions } = captionSchema.shape;
const name = mentions.unwrap().element.shape.text;
const span = z.object({ start: z.number(), end: z.number() });

/** What linking needs of a caption; those from code may be anything. */
const schema = z.object({ id, text, mentions: z.array(z.object({ text: name, span: span.optional() })) });

/** Why a caption cannot be linked, if it cannot: `CAPTION_INVALID`, `ENCODING`, `OFFSETS`. */
export function captionFault(caption: Caption, detect: boolean): MmelError | undefined {
  try {
    assertCount(caption?.mentions, detect);
    parseWire(schema, caption, "CAPTION_INVALID");
    captionFromWire(captionToWire(caption)); // finds spans that do not hold their mention
    return undefined;
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    const where = typeof caption?.id === "string" ? `caption ${caption.id}` : undefined;
    return new MmelError(error.code, { ...error.detail, where });
  }
}

function assertCount(mentions: Caption["mentions"] | undefined, detect: boolean): void {
  if (mentions?.length === 0 && !detect)
    throw new MmelError("CAPTION_INVALID", {
      what: "a caption without mentions",
      expected: "at least one mention",
      hint: "--detect (in code: detect: true) to find them",
    });
  if (mentions !== undefined && mentions.length > MAX_MENTIONS)
    throw new MmelError("CAPTION_INVALID", {
      what: `a caption with ${mentions.length} mentions`,
      expected: `at most ${MAX_MENTIONS}`,
      hint: "splitting its text",
    });
}
