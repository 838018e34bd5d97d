import { openApiDocument } from "../openapi.js";
import type { Route } from "../route.js";

/** `GET /openapi.json`, which also describes itself. */
export function openApiRoute(others: readonly Route[], version: string): Route {
  const route: Route = {
    method: "GET",
    path: "/openapi.json",
    scope: "public",
    tag: "service",
    summary: "This document",
    answers: { 200: { description: "OpenAPI 3.1", content: [{ type: "application/json" }] } },
    handle: async () => document,
  };
  const document = openApiDocument([...others, route], version);
  return route;
}
