import type { FastifyInstance, FastifyRequest } from "fastify";
import { MmelError } from "../../core/index.js";
import type { Limits } from "../limits.js";
import { allowsOrigin, type CallerRules, checkCaller } from "./access.js";
import type { Tokens } from "./tokens.js";

export interface SecurityOptions {
  readonly tokens: Tokens;
  readonly caller: CallerRules;
  /** Whether a proxy in front says who calls, in `X-Forwarded-For`. */
  readonly trustProxy?: boolean;
}

/** Who may call, from which page, how often, and for what: checked before a byte of a body is read. */
export async function secure(
  app: FastifyInstance,
  { ratePerMinute }: Limits,
  { tokens, caller }: SecurityOptions,
): Promise<void> {
  app.addHook("onRequest", async (request) => checkCaller(request, caller));
  const { default: cors } = await import("@fastify/cors");
  await app.register(cors, {
    delegator: (request, callback) => {
      const { origin } = request.headers;
      const allowed = origin !== undefined && allowsOrigin(origin, request.url, caller);
      callback(null, {
        origin: allowed ? origin : false,
        methods: ["GET", "POST"],
        allowedHeaders: ["content-type", "authorization", "x-request-id"],
        exposedHeaders: ["x-request-id", "retry-after"],
        strictPreflight: false,
      });
    },
  });
  if (ratePerMinute > 0) await limitRate(app, ratePerMinute);
  app.addHook("onRequest", async (request) => {
    if (request.method === "OPTIONS") return; // a browser asks without the token first
    tokens.check(request.headers.authorization, request.routeOptions.config.scope ?? "public");
  });
}

async function limitRate(app: FastifyInstance, ratePerMinute: number): Promise<void> {
  const { default: rateLimit } = await import("@fastify/rate-limit");
  await app.register(rateLimit, {
    max: ratePerMinute,
    timeWindow: 60_000,
    cache: 10_000,
    keyGenerator: ({ ip }: FastifyRequest) => ip,
    allowList: ({ url }: FastifyRequest) => url === "/healthz" || url === "/readyz",
    errorResponseBuilder: (_, { after, max }) =>
      new MmelError("BUSY", { what: `more than ${max} requests a minute`, hint: `again in ${after}` }),
  });
}
