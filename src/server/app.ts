import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { z } from "zod";
import { MmelError } from "../core/index.js";
import { parseForm } from "./form.js";
import { checkJson, decodeText } from "./json-text.js";
import type { Limits } from "./limits.js";
import { type LogOptions, logAnswer, loggerOptions } from "./log.js";
import { serveApiDocs, serveReviewPage } from "./pages.js";
import { parseParameters } from "./parameters.js";
import { problemOf } from "./problem.js";
import { FORM } from "./reconcile/routes.js";
import type { Route } from "./route.js";
import { routesOf } from "./routes/index.js";
import { isStream, STREAM } from "./routes/link.js";
import { NIF_TYPES } from "./routes/nif.js";
import { installAccessChecks, type SecurityOptions } from "./security/access.js";
import { createBodyBudget, createReceiveTimer } from "./security/request-budget.js";
import type { Service } from "./service.js";

export interface AppOptions extends SecurityOptions {
  readonly version: string;
  readonly log: LogOptions;
}

/** Creates the HTTP application with all routes, pages and error handlers. The application is not listening yet. */
export async function createApp(service: Service, options: AppOptions): Promise<FastifyInstance> {
  const { bodyBytes, allBodyBytes, answerSeconds, receiveSeconds, connections, queue } = service.limits;
  const app = Fastify({
    bodyLimit: bodyBytes,
    routerOptions: { maxParamLength: 3000 },
    forceCloseConnections: "idle",
    logger: loggerOptions(options.log),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    connectionTimeout: Math.ceil(1000 * (answerSeconds + 2 * receiveSeconds)),
    requestTimeout: 0, // receiveTimer limits requests instead, except streams
    http: { headersTimeout: 1000 * receiveSeconds, connectionsCheckingInterval: 1000 },
    trustProxy: options.trustProxy ?? false,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
  });
  // more connections than queue places, so that excess callers receive BUSY instead of a closed connection
  app.server.maxConnections = Math.max(connections, 2 * queue);
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = problemOf(error, request.id);
    if (problem.status === 500) request.log.error({ err: error }, "failed");
    request.mmelCode = problem.code;
    if (problem.status === 429 && !reply.hasHeader("retry-after"))
      reply.header("retry-after", service.catalogues.current().queue.retryAfter());
    if (problem.status === 401) reply.header("www-authenticate", "Bearer");
    return reply.code(problem.status).type("application/problem+json").send(problem);
  };
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request) => {
    throw new MmelError("NOT_FOUND", { what: `no route for ${request.method} ${pathOf(request.url)}` });
  });
  app.decorateRequest("mmelCode", "");
  const receiveTimer = createReceiveTimer(receiveSeconds);
  const bodyBudget = createBodyBudget(allBodyBytes, bodyBytes);
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS).header("x-request-id", request.id);
    reply.header(KB_HEADER, kbHeader(service.catalogues.current().kb));
    if (!isTakenInPieces(request)) receiveTimer.start(request);
  });
  app.addHook("preHandler", async (request) => {
    if (!request.isMultipart()) receiveTimer.stop(request); // handlers receive multipart forms themselves
  });
  app.addHook("onSend", async (_, reply) => {
    if (service.closing.aborted) reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    receiveTimer.stop(request);
    bodyBudget.release(request);
    const { statusCode, elapsedTime } = reply;
    service.metrics.request(
      request.routeOptions.url ?? "none",
      request.method,
      statusCode,
      elapsedTime / 1000,
    );
    logAnswer(request, reply, options.log);
  });
  app.addHook("onRequestAbort", async (request) => {
    receiveTimer.stop(request);
    bodyBudget.release(request);
  });
  await installAccessChecks(app, service.limits, options);
  app.addHook("onRequest", async (request) => {
    if (!isTakenInPieces(request)) bodyBudget.reserve(request);
  });
  acceptJson(app, service.limits);
  await acceptForms(app, service);
  app.addContentTypeParser(STREAM, (_, payload, done) => done(null, payload));
  const routes = routesOf(options.version);
  for (const route of routes.filter((route) => !takesForms(route) && !takesNif(route)))
    addRoute(app, service, route);
  rejectOtherMethods(app, routes);
  await app.register(async (inner) => {
    // Pages from other origins can post forms without a CORS preflight, so only routes that need forms accept forms.
    const options = { parseAs: "buffer", bodyLimit: service.limits.jsonBytes } as const;
    inner.addContentTypeParser(FORM, options, async (_: FastifyRequest, body: Buffer) => parseForm(body));
    for (const route of routes.filter(takesForms)) addRoute(inner, service, route);
  });
  await app.register(async (inner) => {
    inner.removeAllContentTypeParsers();
    const options = { parseAs: "buffer", bodyLimit: service.limits.jsonBytes } as const;
    inner.addContentTypeParser([...NIF_TYPES], options, async (_: FastifyRequest, body: Buffer) => body);
    for (const route of routes.filter(takesNif)) addRoute(inner, service, route);
  });
  await serveApiDocs(app, routes, options.version);
  await serveReviewPage(app);
  return app;
}

/** Returns whether a handler processes the body while it receives it, so that the body is never in memory as a whole. */
const isTakenInPieces = (request: FastifyRequest): boolean =>
  isStream(request) ||
  (request.routeOptions.config.isUpload === true && isForm(request.headers["content-type"]));

const isForm = (type = ""): boolean => /^multipart\/form-data\b/i.test(type);

/** Header with `NAME@VERSION` of the knowledge base, in every response. */
const KB_HEADER = "x-mmel-kb";

const takesForms = ({ body = [] }: Route): boolean => body.some(({ type }) => type === FORM);

const takesNif = ({ body = [] }: Route): boolean => body.some(({ type }) => type === NIF_TYPES[0]);

const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
};

/** Reads JSON bodies. Their size and depth are checked before they are parsed. */
function acceptJson(app: FastifyInstance, { jsonBytes }: Limits): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, body, done) => {
    try {
      const text = decodeText(body);
      checkJson(text, jsonBytes);
      parse(request, text, done);
    } catch (error) {
      done(error as Error);
    }
  });
}

async function acceptForms(app: FastifyInstance, { limits }: Service): Promise<void> {
  const { default: multipart } = await import("@fastify/multipart");
  await app.register(multipart, {
    limits: {
      fileSize: limits.imageBytes,
      files: 1,
      fields: 1,
      parts: 2,
      fieldSize: limits.jsonBytes,
      headerPairs: 50,
    },
  });
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"];

/**
 * For each path, adds a route for all methods that the path does not support. The added route responds with status 405
 * and an `allow` header.
 */
function rejectOtherMethods(app: FastifyInstance, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed: string[] = routes.filter((route) => route.path === path).map(({ method }) => method);
    const others = METHODS.filter((method) => !allowed.includes(method));
    app.route({
      method: others,
      url: urlOf(path),
      exposeHeadRoute: false,
      onRequest: async ({ method }, reply) => {
        reply.header("allow", allowed.join(", "));
        const detail = { what: `${path} does not support ${method}`, expected: allowed.join(" or ") };
        throw Object.assign(new MmelError("USAGE", detail), { statusCode: 405 });
      },
      handler: async () => undefined,
    });
  }
}

/** Converts a path from OpenAPI notation to Fastify's notation: `/v1/entities/{id}` → `/v1/entities/:id`. */
const urlOf = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

/** Adds a route. Its handler uses the version of the catalogue that is current when the handler starts. */
function addRoute(app: FastifyInstance, service: Service, route: Route): void {
  const { method, path, scope, isUpload = false, isPerCatalogue, handle } = route;
  app.route({
    method,
    url: urlOf(path),
    config: { scope, isUpload },
    handler: async (request, reply) => {
      using version = await service.catalogues.lease(isPerCatalogue ? takeCatalogue(request) : undefined);
      reply.header(KB_HEADER, kbHeader(version.kb));
      return await handle(request, reply, { ...service, ...version });
    },
  });
}

const catalogueParameter = z.object({ catalogue: z.string().optional() });

/** Removes the parameter `catalogue` from the query string, and returns it. Throws `USAGE` if it is repeated. */
function takeCatalogue(request: FastifyRequest): string | undefined {
  const { catalogue, ...others } = request.query as Record<string, unknown>;
  request.query = others;
  return catalogue === undefined ? undefined : parseParameters(catalogueParameter, { catalogue }).catalogue;
}

/** `NAME@VERSION` as a header. The name may contain any character, so it is percent-encoded where necessary. */
const kbHeader = (kb: string): string => encodeURI(kb.replaceAll(/\p{Surrogate}/gu, "\ufffd"));

/**
 * Returns the `x-request-id` that the caller sent, which lets callers correlate the logs of several services. If the
 * header is missing or malformed, returns a random id.
 */
function requestId({ headers }: { headers: NodeJS.Dict<string | string[]> }): string {
  const id = headers["x-request-id"];
  return typeof id === "string" && /^[\w.:-]{1,64}$/.test(id) ? id : crypto.randomUUID();
}

const pathOf = (url: string): string => url.split("?", 1)[0] ?? "";
