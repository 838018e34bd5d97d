import type { Route } from "../route.js";
import type { Service } from "../service.js";

/** `GET /metrics`, as Prometheus reads it. */
export function metricsRoute({ metrics: { registry } }: Service): Route {
  return {
    method: "GET",
    path: "/metrics",
    scope: "admin",
    tag: "service",
    summary: "Figures for Prometheus",
    answers: { 200: { description: "text exposition format", content: [{ type: "text/plain" }] } },
    async handle(_, reply) {
      reply.type(registry.contentType);
      return await registry.metrics();
    },
  };
}
