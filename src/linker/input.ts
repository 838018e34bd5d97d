import { z } from "zod";
import { type Caption, type CaptionInput, MAX_MENTIONS, MmelError } from "../core/index.js";
import { captionFromWire, captionSchema, parseWire } from "../formats/index.js";

const { id, text, mentions } = captionSchema.shape;
const name = mentions.unwrap().element.shape.text;
const position = z.number();

/** What linking needs of a mention, in either form; those from code may be anything. */
const mention = z
  .object({
    text: name,
    start: position.optional(),
    end: position.optional(),
    span: z.object({ start: position, end: position }).optional(),
  })
  .refine(({ span, start, end }) => span === undefined || (start === undefined && end === undefined), {
    error: "has a span beside start or end; one of the two is expected",
  })
  .transform(({ text, span, start, end }) => ({ text, start, end, ...span }));

const schema = z.object({ id, text, mentions: z.array(mention) });

/** The caption that was given, without gold; or why it cannot be linked: `CAPTION_INVALID`, `ENCODING`, `OFFSETS`. */
export function readCaption(given: CaptionInput, detect: boolean): Caption | MmelError {
  try {
    const { mentions = [], image, language, ...rest } = given ?? {};
    assertCount(mentions, detect);
    const checked = parseWire(schema, { ...rest, mentions }, "CAPTION_INVALID");
    return captionFromWire({ ...checked, image, language });
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    const where = typeof given?.id === "string" ? `caption ${given.id}` : undefined;
    return new MmelError(error.code, { ...error.detail, where });
  }
}

function assertCount(mentions: CaptionInput["mentions"], detect: boolean): void {
  const length = mentions?.length ?? 0;
  if (mentions?.length === 0 && !detect)
    throw new MmelError("CAPTION_INVALID", {
      what: "a caption without mentions",
      expected: "at least one mention",
      hint: "--detect (in code: detect: true) to find them",
    });
  if (length > MAX_MENTIONS)
    throw new MmelError("CAPTION_INVALID", {
      what: `a caption with ${length} mentions`,
      expected: `at most ${MAX_MENTIONS}`,
      hint: "splitting its text",
    });
}
