import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { openApiDocument } from "./openapi.js";
import type { Route } from "./route.js";

/** Folder of the built review page. The relative path is correct from both `src/server/` and `dist/server/`. */
const REVIEW_PAGE = fileURLToPath(new URL("../../dist/web/", import.meta.url));

/**
 * Content-Security-Policy of the review page. It allows only files from this service, `blob:` and `data:` pictures,
 * and requests to this service.
 */
const REVIEW_PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Serves the review page at `/`. Browsers may cache files whose names contain a hash, and must revalidate all other
 * files. Does nothing if the page is not built.
 */
export async function serveReviewPage(app: FastifyInstance): Promise<void> {
  if (!existsSync(join(REVIEW_PAGE, "index.html"))) return;
  const { default: files } = await import("@fastify/static");
  await app.register(async (page) => {
    // replaces the stricter policy that every response has by default
    page.addHook(
      "onSend",
      async (_, reply) => void reply.header("content-security-policy", REVIEW_PAGE_POLICY),
    );
    await page.register(files, {
      root: REVIEW_PAGE,
      wildcard: false,
      cacheControl: false,
      setHeaders(reply, path) {
        const hashed = /[-.][\w-]{8,}\.\w+$/.test(path) && !path.endsWith(".html");
        reply.setHeader("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  });
}

/**
 * Content-Security-Policy of the API documentation. It allows only files from this service, inline styles and
 * pictures, and requests to this service.
 */
const API_DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'", // Swagger UI uses inline styles; they cannot load other origins
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Serves interactive API documentation (Swagger UI) at `/docs`, without files from other origins. */
export async function serveApiDocs(
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
    staticCSP: API_DOCS_POLICY,
    uiConfig: { docExpansion: "list", deepLinking: true, validatorUrl: null, persistAuthorization: false },
    theme: { title: "mmel API" },
  });
}
