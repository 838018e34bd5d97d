import { MmelError } from "../../core/index.js";
import { entitySchema, entityToWire } from "../../formats/index.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";

/** `GET /v1/entities/{id}`. */
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
      throw new MmelError("NOT_FOUND", { what: "no such entity", where: JSON.stringify(id) });
    },
  };
}
