import { z } from "zod";
import { sourceOf } from "../core/caption-hash.js";
import {
  type Caption,
  type CaptionInput,
  type CaptionSource,
  type Gold,
  MAX_MENTIONS,
  MmelError,
} from "../core/index.js";
import { isParsed } from "../core/parsed-caption.js";
import { captionFromWire, captionSchema, parseWire } from "../formats/index.js";
import type { Detector } from "../mentions/index.js";

/** A caption as passed by the caller, and either the validated caption or the error that prevents linking. */
export type Input<Given> =
  | {
      readonly given: Given;
      readonly caption: Caption;
      /** The caption as given, before mentions are detected. */
      readonly source: CaptionSource;
      readonly error?: undefined;
    }
  | { readonly given: Given; readonly caption?: undefined; readonly error: MmelError };

/**
 * Validates each caption and yields the results in order. With a detector, captions without mentions get the mentions
 * that are detected in their text, or the error `TIMEOUT` if that takes too long. If nothing is detected in a caption
 * that is not in English, calls `onNothing` with the caption and its language ("und" if unknown).
 */
export async function* readInputs<Given extends CaptionInput>(
  captions: Iterable<Given> | AsyncIterable<Given>,
  detect?: Detector,
  onNothing?: (caption: Caption, language: string) => void,
): AsyncGenerator<Input<Given>> {
  for await (const given of captions) {
    let caption = readCaption(given, detect !== undefined);
    const source = caption instanceof MmelError ? {} : sourceOf(caption);
    if (!(caption instanceof MmelError) && caption.mentions.length === 0 && detect !== undefined)
      caption = await withDetected(caption, detect, onNothing);
    yield caption instanceof MmelError ? { given, error: caption } : { given, caption, source };
  }
}

/**
 * Validates captions and yields them with their gold annotations, in order. Throws `CAPTION_INVALID`, `ENCODING` or
 * `OFFSETS` for the first invalid caption. Captions without mentions are valid.
 */
export async function* readAnnotated(
  captions: Iterable<CaptionInput> | AsyncIterable<CaptionInput>,
): AsyncGenerator<Caption> {
  for await (const given of captions) {
    const caption = readCaption(given, true);
    if (caption instanceof MmelError) throw caption;
    yield isParsed(given) ? caption : withGold(caption, given);
  }
}

/** Adds the gold annotations of the given caption to the validated caption. */
function withGold(caption: Caption, { mentions = [] }: CaptionInput): Caption {
  if (mentions.every(({ gold }) => gold === undefined)) return caption;
  const read = (given: unknown): Gold | undefined => {
    const parsed = goldSchema.safeParse(given);
    if (parsed.success) return parsed.data;
    throw new MmelError("CAPTION_INVALID", {
      what: "the gold annotation is invalid",
      where: `caption ${caption.id}`,
      expected: "an entity id, or null for NIL",
    });
  };
  return {
    ...caption,
    mentions: caption.mentions.map((mention, index) => {
      const gold = read(mentions[index]?.gold);
      return { ...mention, ...(gold !== undefined && { gold }) };
    }),
  };
}

/** Returns the caption with the mentions that are detected in its text, or `TIMEOUT` if that takes too long. */
async function withDetected(
  caption: Caption,
  detect: Detector,
  onNothing: ((caption: Caption, language: string) => void) | undefined,
): Promise<Caption | MmelError> {
  try {
    const { mentions, onlyKnown } = await detect(caption.text, caption.language);
    if (mentions.length === 0 && onlyKnown !== undefined) onNothing?.(caption, onlyKnown);
    return readCaption({ ...caption, mentions }, true);
  } catch (error) {
    if (!(error instanceof MmelError) || error.code !== "TIMEOUT") throw error;
    return new MmelError("TIMEOUT", { ...error.detail, where: `caption ${caption.id}` });
  }
}

const { id, text, mentions } = captionSchema.shape;
const { text: name, type } = mentions.unwrap().element.shape;
const position = z.number();

/**
 * Schema of the parts of a mention that linking uses. The position is given by `start` and `end`, as in captions files,
 * or by `span`. Needed at run time because callers of the API can pass values of any type.
 */
const mention = z
  .object({
    text: name,
    start: position.optional(),
    end: position.optional(),
    span: z.object({ start: position, end: position }).optional(),
    type,
  })
  .refine(({ span, start, end }) => span === undefined || (start === undefined && end === undefined), {
    error: "has both a span and start or end; expected either a span or start and end",
  })
  .transform(({ text, span, start, end, type }) => ({ text, start, end, ...span, type }));

const schema = z.object({ id, text, mentions: z.array(mention) });

/** Schema of a gold annotation: as in captions files, or a `Gold`. */
const goldSchema: z.ZodType<Gold | undefined> = z.union([
  z.undefined(),
  z.null().transform(() => ({ kind: "nil" }) as const),
  z
    .string()
    .min(1)
    .transform((id) => ({ kind: "entity", id }) as const),
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("entity"), id: z.string().min(1) }),
    z.object({ kind: z.literal("nil") }),
  ]),
]);

/**
 * Returns the validated caption, or the error that prevents linking: `CAPTION_INVALID`, `ENCODING` or `OFFSETS`. A
 * caption marked by `markParsed` is not validated again.
 */
function readCaption(given: CaptionInput, detect: boolean): Caption | MmelError {
  try {
    const { mentions = [], image, language, ...rest } = given ?? {};
    assertCount(mentions, detect);
    const others = { ...(image !== undefined && { image }), ...(language !== undefined && { language }) };
    if (given && isParsed(given))
      return { id: given.id, text: given.text, mentions: given.mentions, ...others };
    const checked = parseWire(schema, { ...rest, mentions }, "CAPTION_INVALID");
    return captionFromWire({ ...checked, ...others });
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
      what: "the caption has no mentions",
      expected: "at least one mention",
      hint: "Detect mentions with `--detect` (in code: `detect: true`).",
    });
  if (length > MAX_MENTIONS)
    throw new MmelError("CAPTION_INVALID", {
      what: `the caption has ${length} mentions`,
      expected: `at most ${MAX_MENTIONS} mentions`,
      hint: "Split the caption into several captions.",
    });
}
