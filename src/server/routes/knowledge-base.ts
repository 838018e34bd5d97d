import { z } from "zod";
import { entityToWire, MAX_NAME_LENGTH, searchSchema } from "../../formats/index.js";
import { queryOf } from "../parameters.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";

const query = z.object({
  name: z.string().min(1).max(MAX_NAME_LENGTH).meta({ description: "what a label or alias is like" }),
  limit: z.int().min(1).max(100).optional().meta({ description: "most hits (10)" }),
});

/** `GET /v1/search`: entities by name. */
export function searchRoute({ store }: Service): Route {
  return {
    method: "GET",
    path: "/v1/search",
    scope: "link",
    tag: "knowledge base",
    summary: "Entities whose label or alias resembles a name, best first",
    query,
    answers: {
      200: { description: "the entities", content: [{ type: "application/json", schema: searchSchema }] },
    },
    async handle(request) {
      const { name, limit = 10 } = queryOf(query, request.query);
      const hits = await store.searchNames(name, { limit });
      return { hits: hits.map(({ entity, ...hit }) => ({ entity: entityToWire(entity), ...hit })) };
    },
  };
}
