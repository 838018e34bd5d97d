import { z } from "zod";
import { ERROR_CODES } from "../core/index.js";
import { captionSchema, entitySchema, linksSchema } from "./wire.js";

/** Maximum value of `topK` in a request. */
const MAX_TOP_K = 100;

/** Options in a request. They override the options of the service. */
export const linkOptionsSchema = z.object({
  topK: z
    .int()
    .min(1)
    .max(MAX_TOP_K)
    .optional()
    .meta({ description: "number of candidates to list per mention (default: 5)" }),
  explain: z.boolean().optional().meta({
    description:
      "for each candidate, return the named terms of its match score, and its rank without the influence of the caption's other mentions",
  }),
  detect: z.boolean().optional().meta({ description: "detect the names in captions without mentions" }),
  collaborative: z
    .boolean()
    .optional()
    .meta({ description: "false: rank every mention independently of the caption's other mentions" }),
  strictTypes: z.boolean().optional().meta({
    description:
      "true: remove the candidates that do not fit the type of their mention (candidates whose type and kind are unknown are kept)",
  }),
});

/** The format of the links in a response. */
export const linkFormatSchema = z.enum(["links", "displacy", "webannotation"]).meta({
  description:
    "links: the format of links files (default); displacy: the input of displaCy; webannotation: W3C Web Annotations",
});

/**
 * A caption in a request. Its picture can be a file in the images folder (`image`), be included in the request
 * (`imageData`) or have a URL (`imageUrl`).
 */
export const captionRequestSchema = z.object({
  ...captionSchema.shape,
  imageData: z
    .string()
    .optional()
    .meta({ description: "the picture, as base64 or a data: URL", contentEncoding: "base64" }),
  imageUrl: z
    .string()
    .optional()
    .meta({ description: "URL of the picture; requires a service that fetches pictures" }),
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
      name: z.string().meta({ description: "the label or alias that matched best" }),
      score: z.number().meta({
        description:
          "similarity in [0, 1]; 1 if the names are equal apart from case, accents and punctuation",
      }),
    }),
  ),
  kb: z.string().meta({ description: "NAME@VERSION of the knowledge base that was searched" }),
  texts: z
    .array(
      z.object({
        entity: entitySchema,
        property: z.string().optional().meta({
          description:
            "the property that contains a word; absent if the names and the description contain all words",
        }),
      }),
    )
    .optional()
    .meta({
      description:
        "with fields=all: other entities whose names, description and properties contain all words; absent if the knowledge base is too large for this search",
    }),
});

const relatedEntitySchema = z.object({
  id: z.string(),
  label: z.string(),
  description: z.string().optional().meta({ description: "the first 200 characters" }),
  share: z.number().meta({
    description:
      "in [0.3, 1]: probability that the value means this entity and not another with the same name",
  }),
});

const relationsSchema = z.object({
  values: z
    .array(
      z.object({ property: z.string(), value: z.string(), entities: z.array(relatedEntitySchema).min(1) }),
    )
    .meta({ description: "the values that name other entities, at most 100" }),
  namedBy: z.array(z.object({ properties: z.array(z.string()).min(1), entity: relatedEntitySchema })).meta({
    description: "the entities with properties that name this one, most certain first, at most 50",
  }),
  namedByCount: z
    .int()
    .meta({ description: "number of entities in the knowledge base with properties that name this one" }),
});

/** An entity in a response. */
export const entityAnswerSchema = z.object({
  ...entitySchema.shape,
  relations: relationsSchema.optional().meta({
    description: "relations to other entities, if requested and if the knowledge base has relations",
  }),
});

export const modelsSchema = z.object({
  model: z.string().meta({ description: "NAME@HASH of the model" }),
  kb: z.string().meta({ description: "NAME@VERSION of the knowledge base" }),
  entities: z.int(),
  bundled: z.array(z.object({ name: z.string(), isDefault: z.boolean(), description: z.string() })),
});

/** The catalogues of a service. */
export const cataloguesSchema = z.object({
  writable: z.boolean().meta({ description: "whether this caller may import, update and delete catalogues" }),
  catalogues: z.array(
    z.object({
      name: z.string().meta({ description: "the name for the parameter `catalogue`" }),
      title: z.string(),
      entities: z.int(),
      version: z.string(),
      default: z.boolean().meta({ description: "whether requests without `catalogue` use it" }),
      editable: z.boolean().meta({
        description: "whether the service can change it: update it and, unless it is the default, delete it",
      }),
      updated: z.iso
        .datetime()
        .optional()
        .meta({ description: "time of the last import or update; absent for a server" }),
    }),
  ),
});

const fieldSchema = z.looseObject({ field: z.string(), separator: z.string().optional() });

/** What a table seems to contain (see `TablePreview`). */
export const tablePreviewSchema = z.object({
  kind: z.enum(["csv", "tsv", "xlsx"]),
  encoding: z.string(),
  delimiter: z.string().optional(),
  sheet: z.string().optional().meta({ description: "name of the sheet that is read" }),
  sheets: z.array(z.string()).optional().meta({ description: "names of the visible sheets" }),
  headerRow: z.int().meta({ description: "number of the line or row that names the columns, from 1" }),
  columns: z.array(
    z.object({
      name: z.string(),
      field: z.string().nullable().meta({ description: "the field of the column; null if it is left out" }),
      separator: z.string().optional().meta({ description: "the separator of several values in a cell" }),
      sample: z.array(z.string()).meta({ description: "the first values" }),
    }),
  ),
  rows: z.array(z.array(z.string())).meta({ description: "the first five rows" }),
  mapping: z
    .looseObject({ columns: z.record(z.string(), fieldSchema) })
    .meta({ description: "the mapping of columns to fields: the given one, or the guessed one" }),
  problems: z.array(z.string()).meta({ description: "what prevents an import or needs attention" }),
});

/** The caption in the metadata of a picture. */
export const pictureCaptionSchema = z.object({
  caption: captionSchema.optional().meta({ description: "the caption; absent if the picture has none" }),
  problems: z
    .array(z.string())
    .meta({ description: "why the picture has no caption, and which sidecars could not be read" }),
});

export const importStartedSchema = z.object({
  import: z.string().meta({ description: "id of the import, for `GET /v1/imports/{id}`" }),
});

/**
 * Problem details (RFC 9457) with an error code. In a stream, the details of a caption that cannot be linked also
 * contain its line number and, if the line is a valid caption, its id.
 */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().optional().meta({ description: "id of the request, as in the x-request-id header" }),
  code: z.enum(ERROR_CODES),
  expected: z.string().optional(),
  hint: z.string().optional(),
  caption: z.string().optional().meta({
    description:
      "in a stream: id of the caption that could not be linked; absent if the line is not a valid caption",
  }),
  line: z
    .int()
    .optional()
    .meta({ description: "in a stream: line number of the caption that could not be linked" }),
});

/** The progress or the result of an import. */
export const importSchema = z.object({
  id: z.string(),
  catalogue: z.string().meta({ description: "name of the catalogue" }),
  state: z.enum(["running", "done", "failed", "cancelled"]),
  bytes: z
    .int()
    .meta({ description: "bytes of the table that were read; the index is built after the last one" }),
  totalBytes: z.int(),
  entities: z.int().meta({ description: "entities that were read" }),
  rejected: z.int().meta({ description: "rows that were rejected" }),
  firstRejects: z.array(z.string()).meta({ description: "messages of the first rejected rows" }),
  error: problemSchema.optional().meta({ description: "why the import failed" }),
});

export type LinkOptions = z.infer<typeof linkOptionsSchema>;
export type LinkFormat = z.infer<typeof linkFormatSchema>;
export type CaptionRequest = z.infer<typeof captionRequestSchema>;
export type LinkRequest = z.infer<typeof linkRequestSchema>;
export type LinkBatchRequest = z.infer<typeof linkBatchRequestSchema>;
export type LinkBatch = z.infer<typeof linkBatchSchema>;
export type EntityAnswer = z.infer<typeof entityAnswerSchema>;
export type SearchAnswer = z.infer<typeof searchSchema>;
export type ModelsAnswer = z.infer<typeof modelsSchema>;
export type CataloguesAnswer = z.infer<typeof cataloguesSchema>;
export type TablePreviewAnswer = z.infer<typeof tablePreviewSchema>;
export type PictureCaptionAnswer = z.infer<typeof pictureCaptionSchema>;
export type ImportAnswer = z.infer<typeof importSchema>;
export type Problem = z.infer<typeof problemSchema>;
