import { z } from "zod";
import { MAX_ID_LENGTH, MAX_MENTIONS } from "../core/index.js";

/** Longest name (mention, label, alias) in UTF-16 code units. */
export const MAX_NAME_LENGTH = 1_000;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Any text: well-formed Unicode. */
const text = z.string().refine((value) => !LONE_SURROGATE.test(value), {
  error: "holds half of a surrogate pair",
  params: { code: "ENCODING" },
});
const filled = text
  .refine((value) => value.trim() !== "", { error: "is empty", abort: true })
  .meta({ pattern: "\\S" });
const name = filled.refine((value) => value.length <= MAX_NAME_LENGTH, {
  error: ({ input }) =>
    `is ${(input as string).length} characters long; a name has at most ${MAX_NAME_LENGTH}`,
});
const entityId = filled.refine((value) => value.length <= MAX_ID_LENGTH, {
  error: ({ input }) =>
    `is ${(input as string).length} characters long; an entity's id has at most ${MAX_ID_LENGTH}`,
});
const imagePath = filled.refine((value) => !/^([/\\]|[A-Za-z]:[/\\])|(^|[/\\])\.\.([/\\]|$)/.test(value), {
  error: "leads out of the images folder; a path below it is expected",
});
const offset = z.int().nonnegative();

const mentionSchema = z.object({
  text: name,
  start: offset.optional(),
  end: offset.optional(),
  gold: filled.nullable().optional(),
});

/** A caption as files and the service hold it. */
export const captionSchema = z.object({
  id: filled,
  text,
  image: imagePath.optional(),
  language: filled.optional(),
  mentions: z
    .array(mentionSchema)
    .max(MAX_MENTIONS, { error: `are more than ${MAX_MENTIONS}, the most that one caption may have` })
    .optional(),
});

/** An entity as files and the service hold it. */
export const entitySchema = z.object({
  id: entityId,
  label: name,
  aliases: z.array(name).optional(),
  description: text.optional(),
  properties: z.record(filled, z.array(filled)).optional(),
  images: z.array(imagePath).optional(),
  popularity: z.number().nonnegative().optional(),
  url: filled.optional(),
});

const namedEntity = z.object({ id: text, label: text });
const score = z.number().nullable();

const candidateSchema = z.object({
  ...namedEntity.shape,
  match: score,
  collaborative: z.number(),
  score: z.number(),
  probability: score,
  /** Only where an explanation was asked for: the place in the order of `match`, and the named parts of it. */
  independentRank: z.int().positive().optional(),
  explain: z.record(text, z.number()).optional(),
});

/** The links of one caption as files and the service hold them. */
export const linksSchema = z.object({
  id: filled,
  mentions: z.array(
    z.object({
      text: name,
      start: offset.optional(),
      end: offset.optional(),
      outcome: z.enum(["linked", "nil"]),
      entity: namedEntity.nullable(),
      probability: score,
      candidates: z.array(candidateSchema),
    }),
  ),
  model: text,
  kb: text,
});

export type WireCaption = z.infer<typeof captionSchema>;
export type WireEntity = z.infer<typeof entitySchema>;
export type WireLinks = z.infer<typeof linksSchema>;
export type WireMentionLink = WireLinks["mentions"][number];
export type WireCandidate = z.infer<typeof candidateSchema>;
