import { z } from "zod";
import { modelsSchema } from "../../formats/index.js";
import { openApiDocument } from "../openapi.js";
import type { Route } from "../route.js";
import { reloadCatalogue } from "../watch.js";

const statusSchema = z.object({ status: z.enum(["ok", "shutting down"]) });
const readySchema = z.object({
  ...statusSchema.shape,
  kb: z.string().meta({ description: "NAME@VERSION of the knowledge base that new requests use" }),
});
const content = [{ type: "application/json", schema: statusSchema }];
const readyContent = [{ type: "application/json", schema: readySchema }];

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

/** The route `GET /readyz`, the readiness check. It responds with status 503 during shutdown. */
export const readyRoute: Route = {
  method: "GET",
  path: "/readyz",
  scope: "public",
  isPerCatalogue: true,
  tag: "service",
  summary: "Readiness: the service accepts requests",
  answers: {
    200: { description: "the service is ready", content: readyContent },
    503: { description: "the service is shutting down", content: readyContent },
  },
  async handle(_, reply, { closing, kb }) {
    if (!closing.aborted) return { status: "ok", kb };
    reply.code(503);
    return { status: "shutting down", kb };
  },
};

/**
 * The route `GET /v1/models`, which returns the model in use, the knowledge base in use, and the bundled
 * models.
 */
export const modelsRoute: Route = {
  method: "GET",
  path: "/v1/models",
  scope: "link",
  isPerCatalogue: true,
  tag: "service",
  summary: "The model and knowledge base in use, and the models bundled with this installation",
  answers: {
    200: { description: "the models", content: [{ type: "application/json", schema: modelsSchema }] },
  },
  async handle(_, __, { linker, store, kb }) {
    const { bundledModels } = await import("../../models/registry.js");
    const { entities } = store.manifest;
    return { model: linker.model, kb, entities, bundled: await bundledModels() };
  },
};

const reloadedSchema = z.object({
  kb: z.string().meta({ description: "NAME@VERSION of the knowledge base that new requests use" }),
  previous: z
    .string()
    .optional()
    .meta({ description: "NAME@VERSION that was replaced; absent if there is no new version" }),
});

/** The route `POST /v1/admin/reload`, which opens the newest version of the knowledge base. */
export const reloadRoute: Route = {
  method: "POST",
  path: "/v1/admin/reload",
  scope: "admin",
  isPerCatalogue: true,
  tag: "service",
  summary: "Use the newest version of the knowledge base for new requests",
  description:
    "Responds when the new version is in use, or immediately if there is none. If the new version cannot be opened, responds with status 500, and the old version stays in use.",
  answers: {
    200: {
      description: "the version in use",
      content: [{ type: "application/json", schema: reloadedSchema }],
    },
  },
  problems: [429],
  handle: async (request, _, service) => reloadCatalogue(service, service.catalogue, request.log),
};

/** The route `GET /metrics`, which returns metrics in the Prometheus text format. */
export const metricsRoute: Route = {
  method: "GET",
  path: "/metrics",
  scope: "admin",
  tag: "service",
  summary: "Metrics for Prometheus",
  answers: {
    200: { description: "the metrics in the Prometheus text format", content: [{ type: "text/plain" }] },
  },
  async handle(_, reply, { metrics: { registry } }) {
    reply.type(registry.contentType);
    return await registry.metrics();
  },
};

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
