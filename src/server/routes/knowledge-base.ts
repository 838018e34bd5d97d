import { z } from "zod";
import { entitySchema, entityToWire, MAX_NAME_LENGTH, searchSchema } from "../../formats/index.js";
import { parseParameters } from "../parameters.js";
import { entityNotFound } from "../problem.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";

/** Returns the route `GET /v1/entities/{id}`, which returns an entity. */
export function entityRoute({ store }: Service): Route {
  return {
    method: "GET",
    path: "/v1/entities/{id}",
    scope: "link",
    tag: "knowledge base",
    summary: "An entity of the knowledge base",
    params: { id: "the entity's id" },
    answers: {
      200: { description: "the entity", content: [{ type: "application/json", schema: entitySchema }] },
    },
    problems: [404],
    async handle(request) {
      const { id } = request.params as { id: string };
      const entity = (await store.getMany([id])).get(id);
      if (entity !== undefined) return entityToWire(entity);
      throw entityNotFound(id);
    },
  };
}

const parameters = z.object({
  name: z.string().min(1).max(MAX_NAME_LENGTH).meta({ description: "the name to search for" }),
  limit: z.int().min(1).max(100).optional().meta({ description: "maximum number of hits (default 10)" }),
});

/** Returns the route `GET /v1/search`, which searches entities by name. */
export function searchRoute({ store }: Service): Route {
  return {
    method: "GET",
    path: "/v1/search",
    scope: "link",
    tag: "knowledge base",
    summary: "Entities with a label or alias similar to a name, best first",
    query: parameters,
    answers: {
      200: { description: "the entities", content: [{ type: "application/json", schema: searchSchema }] },
    },
    async handle(request) {
      const { name, limit = 10 } = parseParameters(parameters, request.query);
      const hits = await store.searchNames(name, { limit });
      return { hits: hits.map(({ entity, ...hit }) => ({ entity: entityToWire(entity), ...hit })) };
    },
  };
}
