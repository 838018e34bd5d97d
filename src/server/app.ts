import Fastify, { type FastifyInstance } from "fastify";
import { MmelError } from "../core/index.js";
import { servePage } from "./page.js";
import { problemOf } from "./problem.js";
import type { Route } from "./route.js";
import { routesOf } from "./routes/index.js";
import type { Service } from "./service.js";

export interface AppOptions {
  readonly version: string;
}

/** The service as HTTP: routes, the page, problem documents. It listens when told to. */
export async function createApp(service: Service, { version }: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: service.limits.bodyBytes,
    routerOptions: { maxParamLength: 3000 },
    forceCloseConnections: "idle",
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request.id);
    if (problem.status === 429) reply.header("retry-after", service.queue.retryAfter());
    return reply.code(problem.status).type("application/problem+json").send(problem);
  });
  app.setNotFoundHandler((request) => {
    throw new MmelError("NOT_FOUND", { what: `nothing at ${request.method} ${pathOf(request.url)}` });
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({
      "x-request-id": request.id,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    });
  });
  app.addHook("onResponse", async ({ routeOptions, method }, { statusCode, elapsedTime }) => {
    service.metrics.request(routeOptions.url ?? "none", method, statusCode, elapsedTime / 1000);
  });
  for (const route of routesOf(service, version)) addRoute(app, route);
  await servePage(app);
  return app;
}

function addRoute(app: FastifyInstance, { method, path, handle }: Route): void {
  app.route({
    method,
    url: path.replaceAll(/\{(\w+)\}/g, ":$1"),
    handler: async (request, reply) => handle(request, reply),
  });
}

const pathOf = (url: string): string => url.split("?", 1)[0] ?? "";
