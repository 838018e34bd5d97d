import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";

/** The built review page, the same from `src/server/` and from `dist/server/`. */
const PAGE = fileURLToPath(new URL("../../dist/web/", import.meta.url));

/** What the page may do: nothing but run its own files and talk to this service. */
const PAGE_POLICY = [
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

/** Serves the review page at `/`: its files by name; those with a hash in it are kept by browsers for good. */
export async function servePage(app: FastifyInstance): Promise<void> {
  if (!existsSync(join(PAGE, "index.html"))) return;
  const { default: files } = await import("@fastify/static");
  await app.register(async (page) => {
    // the policy of the other routes was set when the request came in; this is the last word on the page's own files
    page.addHook("onSend", async (_, reply) => void reply.header("content-security-policy", PAGE_POLICY));
    await page.register(files, {
      root: PAGE,
      wildcard: false,
      cacheControl: false,
      setHeaders(reply, path) {
        const hashed = /[-.][\w-]{8,}\.\w+$/.test(path) && !path.endsWith(".html");
        reply.setHeader("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  });
}
