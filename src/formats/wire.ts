import { z } from "zod";
import { cutEcho } from "../core/echo.js";
import { type ErrorCode, MAX_ID_LENGTH, MAX_MENTIONS, MAX_TYPE_LENGTH, MmelError } from "../core/index.js";

/** Maximum length of a name (mention, label, alias) in UTF-16 code units. */
export const MAX_NAME_LENGTH = 1_000;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** A well-formed Unicode text, possibly empty. */
const text = z.string().refine((value) => !LONE_SURROGATE.test(value), {
  error: "contains an unpaired surrogate",
  params: { code: "ENCODING" },
});
const filled = text
  .refine((value) => value.trim() !== "", { error: "is empty", abort: true })
  .meta({ pattern: "\\S" });
const name = filled.refine((value) => value.length <= MAX_NAME_LENGTH, {
  error: ({ input }) =>
    `has ${(input as string).length} characters; a name can have at most ${MAX_NAME_LENGTH}`,
});
const entityId = filled.refine((value) => value.length <= MAX_ID_LENGTH, {
  error: ({ input }) =>
    `has ${(input as string).length} characters; an entity id can have at most ${MAX_ID_LENGTH}`,
});
const imagePath = filled.refine((value) => !/^([/\\]|[A-Za-z]:[/\\])|(^|[/\\])\.\.([/\\]|$)/.test(value), {
  error: "is outside the images folder; expected a path inside it",
});
const offset = z.int().nonnegative();

const mentionType = filled
  .refine((value) => value.length <= MAX_TYPE_LENGTH, {
    error: ({ input }) =>
      `has ${(input as string).length} characters; a type can have at most ${MAX_TYPE_LENGTH}`,
  })
  .meta({
    description:
      "what the mention names: person, organisation, place, work, a tag such as PER, ORG, LOC or GPE, or a type of the knowledge base",
  });

/** A reviewer's remark about a mention or a caption. */
const noteSchema = z.object({
  flagged: z.boolean().optional(),
  comment: text.optional(),
});

/** How a mention was decided in the review page: who decided, when, and what was proposed. */
const reviewSchema = z.object({
  by: text.optional(),
  at: text.optional().meta({ description: "time of the decision, as in 2026-05-04T09:30:00.000Z" }),
  proposed: z
    .object({ id: text, label: text })
    .nullable()
    .optional()
    .meta({ description: "the entity that was proposed; null: NIL; absent: nothing was proposed" }),
  probability: z
    .number()
    .nullable()
    .optional()
    .meta({ description: "calibrated probability of what was proposed" }),
  model: text.optional(),
  kb: text.optional(),
  together: z.boolean().optional().meta({ description: "true if several mentions were decided in one step" }),
  choices: z
    .array(z.object({ id: text.nullable(), by: text }))
    .optional()
    .meta({ description: "different decisions of reviewers, among which to choose; id null: NIL" }),
  ...noteSchema.shape,
});

const mentionSchema = z.object({
  text: name,
  start: offset.optional(),
  end: offset.optional(),
  type: mentionType.optional(),
  gold: filled.nullable().optional(),
  review: reviewSchema.optional().catch(undefined).meta({
    description: "record of a reviewer's decision; linking and evaluation ignore it",
  }),
});

/** A caption in files and in the service. */
export const captionSchema = z.object({
  id: filled,
  text,
  image: imagePath.optional(),
  language: filled.optional(),
  mentions: z
    .array(mentionSchema)
    .max(MAX_MENTIONS, { error: `has more than ${MAX_MENTIONS} elements, the maximum for a caption` })
    .optional(),
  review: noteSchema.optional().catch(undefined).meta({
    description: "a reviewer's remark; linking and evaluation ignore it",
  }),
});

/** An entity in files and in the service. */
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
  /**
   * The candidate's rank without the influence of the caption's other mentions. `explain` contains the named terms from
   * which `match` is computed. Both fields are present only if an explanation was requested.
   */
  independentRank: z.int().positive().optional(),
  explain: z.record(text, z.number()).optional(),
});

/** The links of one caption in files and in the service. */
export const linksSchema = z.object({
  id: filled,
  text: text.optional().meta({ description: "the caption's text" }),
  language: filled.optional(),
  image: imagePath.optional(),
  mentions: z.array(
    z.object({
      text: name,
      start: offset.optional(),
      end: offset.optional(),
      type: mentionType.optional(),
      outcome: z.enum(["linked", "nil"]),
      entity: namedEntity.nullable(),
      probability: score,
      nilProbability: z.number().optional().meta({
        description:
          "calibrated probability that the entity is not in the knowledge base; absent if the model is not calibrated",
      }),
      candidates: z.array(candidateSchema),
      because: text.optional().meta({
        description:
          "why the caption's other mentions changed the first candidate, in a short sentence; absent if they did not change it",
      }),
      /**
       * The full name of the same person elsewhere in the caption. The two were linked as one mention. `mention` is the
       * index of the mention with this name; absent if the name is in the text but is not a mention.
       */
      with: z.object({ text: name, mention: offset.optional() }).optional(),
    }),
  ),
  model: text,
  kb: text,
  captionHash: text.optional().meta({
    description:
      "hash of the caption's text, mentions, language and path of the picture, by which an edited caption is recognised",
  }),
});

export type WireCaption = z.infer<typeof captionSchema>;
export type WireEntity = z.infer<typeof entitySchema>;
export type WireNote = z.infer<typeof noteSchema>;
export type WireReview = z.infer<typeof reviewSchema>;
export type WireLinks = z.infer<typeof linksSchema>;
export type WireMentionLink = WireLinks["mentions"][number];
export type WireCandidate = z.infer<typeof candidateSchema>;

/**
 * Validates a value and returns it. If the value is invalid, throws an error that names the first invalid field and
 * counts the other problems. The error code is `code`, or `ENCODING` if the first invalid field is not well-formed
 * Unicode.
 */
export function parseWire<T>(schema: z.ZodType<T>, value: unknown, code: ErrorCode): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue, ...others] = result.error.issues;
  throw new MmelError(encodingOr(code, issue), {
    what: `${pathOf(issue?.path ?? [])}${(issue?.message ?? "is invalid").replace("Invalid input: ", "")}${more(others.length)}`,
  });
}

/**
 * Returns the paths, such as `mentions.colour`, of the fields that are not in the schema. The paths contain no array
 * indices.
 */
export function unknownFields(schema: z.ZodType, value: unknown): Set<string> {
  const found = new Set<string>();
  collect(schema, value, "", found);
  return found;
}

function collect(schema: z.ZodType, value: unknown, path: string, found: Set<string>): void {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    for (const item of value) collect(inner.element as z.ZodType, item, path, found);
  } else if (inner instanceof z.ZodRecord && typeof value === "object" && value !== null) {
    if (Object.hasOwn(value, "__proto__")) found.add(`${path}__proto__`);
  } else if (inner instanceof z.ZodObject && typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const known = Object.hasOwn(inner.shape, key) ? (inner.shape[key] as z.ZodType) : undefined;
      if (known === undefined) found.add(path + key);
      else collect(known, child, `${path}${key}.`, found);
    }
  }
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}

function encodingOr(code: ErrorCode, issue: z.core.$ZodIssue | undefined): ErrorCode {
  return issue?.code === "custom" && issue.params?.code === "ENCODING" ? "ENCODING" : code;
}

function pathOf(path: readonly PropertyKey[]): string {
  const written = cutEcho(
    path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join(""),
  );
  return written === "" ? "" : `${written.replace(/^\./, "")}: `;
}

const more = (others: number): string => (others === 0 ? "" : ` (and ${others} more)`);
