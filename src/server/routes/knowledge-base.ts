import { z } from "zod";
import { entityAnswerSchema, entityToWire, MAX_NAME_LENGTH, searchSchema } from "../../formats/index.js";
import { textSearchOf } from "../../kb/index.js";
import { relationsOf } from "../entity-relations.js";
import { parseParameters } from "../parameters.js";
import { entityNotFound } from "../problem.js";
import type { Route } from "../route.js";

const entityParameters = z.object({
  relations: z.boolean().optional().meta({
    description: "true: add the entity's relations to other entities (default false)",
  }),
});

/** The route `GET /v1/entities/{id}`, which returns an entity. */
export const entityRoute: Route = {
  method: "GET",
  path: "/v1/entities/{id}",
  scope: "link",
  isPerCatalogue: true,
  tag: "knowledge base",
  summary: "An entity of the knowledge base",
  params: { id: "the entity's id" },
  query: entityParameters,
  answers: {
    200: { description: "the entity", content: [{ type: "application/json", schema: entityAnswerSchema }] },
  },
  problems: [404],
  async handle(request, _, { store, linker }) {
    const { id } = request.params as { id: string };
    const { relations: isRelated = false } = parseParameters(entityParameters, request.query);
    const entity = (await store.getMany([id])).get(id);
    if (entity === undefined) throw entityNotFound(id);
    const relations = isRelated ? await relationsOf(entity, linker.relations, store) : undefined;
    return { ...entityToWire(entity), ...(relations !== undefined && { relations }) };
  },
};

const searchParameters = z.object({
  name: z.string().min(1).max(MAX_NAME_LENGTH).meta({ description: "the name to search for" }),
  fields: z.enum(["names", "all"]).optional().meta({
    description: "all: also search the words in descriptions and properties (default: names)",
  }),
  limit: z.int().min(1).max(100).optional().meta({ description: "maximum number of hits (default 10)" }),
});

/** The route `GET /v1/search`, which searches entities by name. */
export const searchRoute: Route = {
  method: "GET",
  path: "/v1/search",
  scope: "link",
  isPerCatalogue: true,
  tag: "knowledge base",
  summary: "Entities with a label or alias similar to a name, best first",
  query: searchParameters,
  answers: {
    200: { description: "the entities", content: [{ type: "application/json", schema: searchSchema }] },
  },
  async handle(request, _, { store, kb }) {
    const { name, limit = 10, fields } = parseParameters(searchParameters, request.query);
    const hits = await store.searchNames(name, { limit });
    const found = fields === "all" ? await (await textSearchOf(store))?.search(name, limit) : undefined;
    const named = new Set(hits.map(({ entity }) => entity.id));
    const texts = found?.filter(({ entity }) => !named.has(entity.id));
    return {
      hits: hits.map(({ entity, ...hit }) => ({ entity: entityToWire(entity), ...hit })),
      ...(texts && { texts: texts.map(({ entity, ...hit }) => ({ entity: entityToWire(entity), ...hit })) }),
      kb,
    };
  },
};
