import { z } from "zod";
import {
  annotationPageSchema,
  captionRequestSchema,
  captionSchema,
  cataloguesSchema,
  displacySchema,
  entityAnswerSchema,
  entitySchema,
  linkBatchRequestSchema,
  linkBatchSchema,
  linkRequestSchema,
  linksSchema,
  modelsSchema,
  problemSchema,
  searchSchema,
} from "../formats/index.js";
import type { Content, Route } from "./route.js";

/** The schemas that the document defines once and refers to by these names. All other schemas are inlined. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  Caption: captionSchema,
  CaptionRequest: captionRequestSchema,
  LinkRequest: linkRequestSchema,
  LinkBatchRequest: linkBatchRequestSchema,
  Links: linksSchema,
  LinkBatch: linkBatchSchema,
  Displacy: displacySchema,
  AnnotationPage: annotationPageSchema,
  Entity: entitySchema,
  EntityAnswer: entityAnswerSchema,
  SearchAnswer: searchSchema,
  Models: modelsSchema,
  Catalogues: cataloguesSchema,
  Problem: problemSchema,
};

type Json = Readonly<Record<string, unknown>>;

/**
 * Generates the OpenAPI 3.1 document for the routes. The schemas in the document are generated from the zod schemas
 * that validate requests.
 */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const schemaOf = (schema: z.ZodType): Json => {
    const {
      $schema: _,
      $defs: __,
      ...json
    } = z.toJSONSchema(schema, {
      metadata: z.globalRegistry,
      io: "input",
      unrepresentable: "any",
    });
    return json;
  };
  const refOf = (schema: z.ZodType): Json => {
    const named = registry.get(schema)?.id;
    if (named !== undefined) return { $ref: `#/components/schemas/${named}` };
    return schema instanceof z.ZodUnion
      ? { anyOf: schema.options.map((option) => refOf(option as z.ZodType)) }
      : schemaOf(schema);
  };
  const contents = (all: readonly Content[]): Json =>
    Object.fromEntries(all.map(({ type, schema }) => [type, schema ? { schema: refOf(schema) } : {}]));
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operationOf(route, contents, schemaOf);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "mmel",
      version,
      description:
        "Links the names in captions to entities of a knowledge base, considering all names of a caption together.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(NAMED).map(([id, schema]) => [id, schemaOf(schema)])),
      responses: { Problem: PROBLEM },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  };
}

const PROBLEM = {
  description: "a problem document (RFC 9457)",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

function operationOf(
  route: Route,
  contents: (all: readonly Content[]) => Json,
  schemaOf: (schema: z.ZodType) => Json,
): Json {
  const { summary, description, tag, body, answers, scope, isPerCatalogue } = route;
  const problems = new Set([
    400,
    ...(scope === "public" ? [] : [401, 403, 429]),
    ...(isPerCatalogue ? [404, 429] : []),
    ...(route.problems ?? []),
  ]);
  return {
    operationId: operationId(route),
    summary,
    ...(description && { description }),
    tags: [tag],
    ...(scope !== "public" && { security: [{ token: [] }, {}] }),
    parameters: parametersOf(route, schemaOf),
    ...(body && { requestBody: { required: true, content: contents(body) } }),
    responses: {
      ...Object.fromEntries(
        [...problems].map((status) => [status, { $ref: "#/components/responses/Problem" }]),
      ),
      ...Object.fromEntries(
        Object.entries(answers).map(([status, { description, content = [] }]) => [
          status,
          { description, ...(content.length > 0 && { content: contents(content) }) },
        ]),
      ),
    },
  };
}

const CATALOGUE = {
  name: "catalogue",
  in: "query",
  required: false,
  description: "name of a catalogue (default: the knowledge base with which the service was started)",
  schema: { type: "string" },
};

function parametersOf(
  { params = {}, query, isPerCatalogue }: Route,
  schemaOf: (schema: z.ZodType) => Json,
): Json[] {
  const inPath = Object.entries(params).map(([name, description]) => ({
    name,
    in: "path",
    required: true,
    description,
    schema: { type: "string" },
  }));
  const { properties = {}, required = [] } = (query ? schemaOf(query) : {}) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
  return [...inPath, ...inQuery, ...(isPerCatalogue ? [CATALOGUE] : [])];
}

/** Returns a route's operation id, such as `getV1EntitiesIdImagesN` for `GET /v1/entities/{id}/images/{n}`. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}
