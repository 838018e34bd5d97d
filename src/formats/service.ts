import { z } from "zod";
import { ERROR_CODES } from "../core/index.js";
import { captionSchema, entitySchema, linksSchema } from "./wire.js";

/** Most candidates that a request may ask for. */
const MAX_TOP_K = 100;

/** What a request may want otherwise than the service was started with. */
export const linkOptionsSchema = z.object({
  topK: z.int().min(1).max(MAX_TOP_K).optional().meta({ description: "candidates listed for a mention (5)" }),
  explain: z.boolean().optional().meta({
    description: "give each candidate the named parts of its match and its place without the others",
  }),
  detect: z.boolean().optional().meta({ description: "find the names of captions that list none (English)" }),
  collaborative: z.boolean().optional().meta({ description: "false: rank every mention on its own" }),
});

/** What links are answered as. */
export const linkFormatSchema = z
  .enum(["links", "displacy", "webannotation"])
  .meta({ description: "links as files hold them (default), displaCy's, or W3C Web Annotations" });

/** A caption as a request may bring it: its picture may come along instead of lying in the images folder. */
export const captionRequestSchema = z.object({
  ...captionSchema.shape,
  imageData: z
    .string()
    .optional()
    .meta({ description: "the picture itself, base64 or a data: address", contentEncoding: "base64" }),
  imageUrl: z
    .string()
    .optional()
    .meta({ description: "where the picture is fetched from, if the service is allowed to" }),
});

export const linkRequestSchema = z.object({ ...captionRequestSchema.shape, ...linkOptionsSchema.shape });

export const linkBatchRequestSchema = z.object({
  captions: z.array(captionRequestSchema),
  ...linkOptionsSchema.shape,
});

export const linkBatchSchema = z.object({ links: z.array(linksSchema) });

export const searchSchema = z.object({
  hits: z.array(
    z.object({
      entity: entitySchema,
      name: z.string().meta({ description: "the label or alias that fitted best" }),
      score: z.number().meta({ description: "in [0, 1]; 1: the same name after folding" }),
    }),
  ),
});

export const modelsSchema = z.object({
  model: z.string().meta({ description: "NAME@HASH of the model that links" }),
  kb: z.string().meta({ description: "NAME@VERSION of the knowledge base" }),
  entities: z.int(),
  bundled: z.array(z.object({ name: z.string(), isDefault: z.boolean(), description: z.string() })),
});

/** RFC 9457, with the project's error code and, where several captions came, which one. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().optional().meta({ description: "the request's id, as in the header x-request-id" }),
  code: z.enum(ERROR_CODES),
  expected: z.string().optional(),
  hint: z.string().optional(),
  caption: z.string().optional().meta({ description: "id of the caption that is at fault" }),
  line: z.int().optional().meta({ description: "its line, in a stream" }),
});

export type LinkOptions = z.infer<typeof linkOptionsSchema>;
export type LinkFormat = z.infer<typeof linkFormatSchema>;
export type CaptionRequest = z.infer<typeof captionRequestSchema>;
export type LinkRequest = z.infer<typeof linkRequestSchema>;
export type LinkBatchRequest = z.infer<typeof linkBatchRequestSchema>;
export type LinkBatch = z.infer<typeof linkBatchSchema>;
export type SearchAnswer = z.infer<typeof searchSchema>;
export type ModelsAnswer = z.infer<typeof modelsSchema>;
export type Problem = z.infer<typeof problemSchema>;
