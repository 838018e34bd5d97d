import { z } from "zod";
import { modelsSchema } from "../../formats/index.js";
import { openApiDocument } from "../openapi.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";

const statusSchema = z.object({ status: z.enum(["ok", "shutting down"]) });
const content = [{ type: "application/json", schema: statusSchema }];

/** The route `GET /healthz`, the liveness check. */
export const healthRoute: Route = {
  method: "GET",
  path: "/healthz",
  scope: "public",
  tag: "service",
  summary: "Liveness: the process responds",
  answers: { 200: { description: "the process is alive", content } },
  handle: async () => ({ status: "ok" }),
};

/** Returns the route `GET /readyz`, the readiness check. It responds with status 503 during shutdown. */
export function readyRoute({ closing }: Service): Route {
  return {
    method: "GET",
    path: "/readyz",
    scope: "public",
    tag: "service",
    summary: "Readiness: the service accepts requests",
    answers: {
      200: { description: "the service is ready", content },
      503: { description: "the service is shutting down", content },
    },
    async handle(_, reply) {
      if (!closing.aborted) return { status: "ok" };
      reply.code(503);
      return { status: "shutting down" };
    },
  };
}

/**
 * Returns the route `GET /v1/models`, which returns the model in use, the knowledge base in use, and the bundled
 * models.
 */
export function modelsRoute({ linker, store }: Service): Route {
  return {
    method: "GET",
    path: "/v1/models",
    scope: "link",
    tag: "service",
    summary: "The model and knowledge base in use, and the models bundled with this installation",
    answers: {
      200: { description: "the models", content: [{ type: "application/json", schema: modelsSchema }] },
    },
    async handle() {
      const { bundledModels } = await import("../../models/registry.js");
      const { entities } = store.manifest;
      return { model: linker.model, kb: linker.kb, entities, bundled: await bundledModels() };
    },
  };
}

/** Returns the route `GET /metrics`, which returns metrics in the Prometheus text format. */
export function metricsRoute({ metrics: { registry } }: Service): Route {
  return {
    method: "GET",
    path: "/metrics",
    scope: "admin",
    tag: "service",
    summary: "Metrics for Prometheus",
    answers: {
      200: { description: "the metrics in the Prometheus text format", content: [{ type: "text/plain" }] },
    },
    async handle(_, reply) {
      reply.type(registry.contentType);
      return await registry.metrics();
    },
  };
}

/**
 * Returns the route `GET /openapi.json`, which returns the OpenAPI document. The document describes this route and the
 * routes in `others`.
 */
export function openApiRoute(others: readonly Route[], version: string): Route {
  const route: Route = {
    method: "GET",
    path: "/openapi.json",
    scope: "public",
    tag: "service",
    summary: "This document",
    answers: { 200: { description: "an OpenAPI 3.1 document", content: [{ type: "application/json" }] } },
    handle: async () => document,
  };
  const document = openApiDocument([...others, route], version);
  return route;
}
