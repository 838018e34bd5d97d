import type { FastifyInstance } from "fastify";
import { openApiDocument } from "./openapi.js";
import type { Route } from "./route.js";

/** What the page of the interface may do: run its own files and try requests on this service. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'", // it draws with inline styles; no style can send anything anywhere here
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A page at `/docs` on which the interface can be read and tried; all of its files come from here. */
export async function serveDocs(
  app: FastifyInstance,
  routes: readonly Route[],
  version: string,
): Promise<void> {
  const [{ default: swagger }, { default: page }] = await Promise.all([
    import("@fastify/swagger"),
    import("@fastify/swagger-ui"),
  ]);
  const document = openApiDocument(routes, version);
  await app.register(swagger, { mode: "static", specification: { document: document as never } });
  await app.register(page, {
    routePrefix: "/docs",
    staticCSP: POLICY,
    uiConfig: { docExpansion: "list", deepLinking: true, validatorUrl: null, persistAuthorization: false },
    theme: { title: "mmel: the interface" },
  });
}
