import type { FastifyReply } from "fastify";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { thumbnail } from "../images/thumbnail.js";
import { queryOf } from "../parameters.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";

const answers = { 200: { description: "the picture, small", content: [{ type: "image/jpeg" }] } };
const query = z.object({
  path: z.string().min(1).max(1000).meta({ description: "path below the images folder" }),
});

/** `GET /v1/images?path=…`: a caption's picture. */
export function imageRoute(service: Service): Route {
  return {
    method: "GET",
    path: "/v1/images",
    scope: "link",
    tag: "pictures",
    summary: "A picture below the images folder, drawn anew and small",
    query,
    answers,
    problems: [404, 413, 422],
    handle: async (request, reply) => send(service, reply, queryOf(query, request.query).path),
  };
}

/** `GET /v1/entities/{id}/images/{n}`: the n-th picture of an entity, from 0. */
export function entityImageRoute(service: Service): Route {
  return {
    method: "GET",
    path: "/v1/entities/{id}/images/{n}",
    scope: "link",
    tag: "pictures",
    summary: "A picture of an entity, drawn anew and small",
    params: { id: "the entity's id", n: "which of its pictures, from 0" },
    answers,
    problems: [404, 413, 422],
    async handle(request, reply) {
      const { id, n } = request.params as { id: string; n: string };
      const entity = (await service.store.getMany([id])).get(id);
      const path = /^\d{1,4}$/.test(n) ? entity?.images[Number(n)] : undefined;
      return await send(service, reply, path);
    },
  };
}

async function send(
  { images, limits }: Service,
  reply: FastifyReply,
  path: string | undefined,
): Promise<Buffer> {
  if (images === undefined || path === undefined)
    throw new MmelError("NOT_FOUND", { what: "no such picture" });
  const picture = await thumbnail(images, path, limits.imageBytes);
  reply.type("image/jpeg").header("cache-control", "private, max-age=3600");
  return picture;
}
