import { z } from "zod";
import type { Route } from "../route.js";
import type { Service } from "../service.js";

const state = z.object({ status: z.enum(["ok", "shutting down"]) });
const content = [{ type: "application/json", schema: state }];

/** `GET /healthz`: the process answers. */
export const healthRoute: Route = {
  method: "GET",
  path: "/healthz",
  scope: "public",
  tag: "service",
  summary: "Whether the process answers",
  answers: { 200: { description: "it does", content } },
  handle: async () => ({ status: "ok" }),
};

/** `GET /readyz`: it takes on requests; 503 while it finishes the last ones. */
export function readyRoute({ closing }: Service): Route {
  return {
    method: "GET",
    path: "/readyz",
    scope: "public",
    tag: "service",
    summary: "Whether the service takes on requests",
    answers: {
      200: { description: "it does", content },
      503: { description: "it is shutting down", content },
    },
    async handle(_, reply) {
      if (!closing.aborted) return { status: "ok" };
      reply.code(503);
      return { status: "shutting down" };
    },
  };
}
