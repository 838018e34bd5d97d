import type { FastifyInstance, FastifyRequest } from "fastify";
import ipaddr from "ipaddr.js";
import { MmelError } from "../../core/index.js";
import type { Limits } from "../limits.js";
import type { Tokens } from "./tokens.js";

/** Returns whether only this machine can reach an address (`localhost` or a loopback IP address). */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback";
}

/** Throws `CONFIG` if other machines can reach `host` and there are no tokens, unless `insecure` is set. */
export function checkBind(host: string, { tokens, insecure }: { tokens: number; insecure: boolean }): void {
  if (isLoopback(host) || tokens > 0 || insecure) return;
  throw new MmelError("CONFIG", {
    what: `other machines can reach ${host}, but no token is required`,
    where: "--host",
    expected: "tokens, or an address that only this machine can reach",
    hint: "Set tokens with `--tokens FILE`, or use `--insecure` if you trust all machines on the network.",
  });
}

export interface CallerRules {
  /** Origins whose pages may call the service, such as `https://review.example.org`. */
  readonly origins: ReadonlySet<string>;
  /** Host names to accept in the `Host` header; undefined accepts every name. */
  readonly hosts: ReadonlySet<string> | undefined;
  /** Whether pages served from this machine, such as OpenRefine's, may use the reconciliation API. */
  readonly localTools: boolean;
}

/**
 * Throws `FORBIDDEN` in two cases:
 *
 * - The `Host` header contains a host name that is not allowed. This check blocks DNS rebinding, in which a page makes
 *   its own host name resolve to this machine. IP addresses pass the check, since DNS cannot redirect them.
 * - The request comes from a page with an origin that is not allowed, and its method is not GET, HEAD or OPTIONS.
 */
function checkCaller({ headers, method, url }: FastifyRequest, rules: CallerRules): void {
  const host = headers.host ?? "";
  const name = hostnameOf(host);
  if (rules.hosts !== undefined && !ipaddr.isValid(name) && !rules.hosts.has(name))
    throw new MmelError("FORBIDDEN", {
      what: `the host name ${JSON.stringify(name)} is not allowed`,
      hint: "Start the service with `--allow-host NAME` to allow a host name.",
    });
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return; // browsers hide the response from the page
  const { origin } = headers;
  if (origin === undefined || isSameOrigin(origin, host) || allowsOrigin(origin, url, rules)) return;
  throw new MmelError("FORBIDDEN", {
    what: `pages from ${origin} may not call this service`,
    hint: `Start the service with \`--cors ${origin}\` to allow them.`,
  });
}

/** Returns whether pages from `origin` may call the service at `url` and read the responses. */
function allowsOrigin(origin: string, url: string, { origins, localTools }: CallerRules): boolean {
  if (origins.has(origin)) return true;
  return localTools && /^\/reconcile(?:[/?]|$)/.test(url) && isLocalPage(origin);
}

const isSameOrigin = (origin: string, host: string): boolean =>
  origin === `http://${host}` || origin === `https://${host}`;

const isLocalPage = (origin: string): boolean =>
  URL.canParse(origin) && isLoopback(new URL(origin).hostname.replace(/^\[|\]$/g, ""));

/** Returns the host name without port, brackets and final dot: `[::1]:8080` → `::1`. */
function hostnameOf(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)?.[1];
  return (bracketed ?? host.replace(/:\d*$/, "")).toLowerCase().replace(/\.$/, "");
}

/**
 * Throws unless the caller may change catalogues: `UNAUTHORIZED` or `FORBIDDEN` without a token with the scope `admin`
 * and, if the service has no tokens, `FORBIDDEN` to other machines. A request that a proxy forwards counts as one from
 * another machine. Pages of other origins may not change catalogues, even if `--cors` allows them to link.
 */
export function checkWriter({ headers, socket, ip }: FastifyRequest, tokens: Tokens): void {
  const { origin, host = "" } = headers;
  const isForeign =
    origin === undefined ? isCrossSite(headers["sec-fetch-site"]) : !isSameOrigin(origin, host);
  if (isForeign)
    throw new MmelError("FORBIDDEN", {
      what: `pages from ${origin ?? "another site"} may not change catalogues`,
      expected: "a request from the page of this service",
    });
  tokens.check(headers.authorization, "admin");
  if (tokens.count > 0) return;
  const isForwarded = headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined;
  if (!isForwarded && isLoopback(socket.remoteAddress ?? "") && isLoopback(ip)) return;
  throw new MmelError("FORBIDDEN", {
    what: "only callers on the machine of this service may change catalogues",
    hint: "Start the service with `--tokens FILE`, and send a token with the scope admin.",
  });
}

const isCrossSite = (site: string | string[] | undefined): boolean =>
  site === "cross-site" || site === "same-site";

export interface SecurityOptions {
  readonly tokens: Tokens;
  readonly caller: CallerRules;
  /**
   * Whether the service is behind a trusted reverse proxy. If so, the `X-Forwarded-For` header determines the caller's
   * IP address.
   */
  readonly trustProxy?: boolean;
}

/** Installs the checks that run before a body is received: host name, origin (CORS), request rate and token. */
export async function installAccessChecks(
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
        exposedHeaders: ["x-request-id", "x-mmel-kb", "retry-after"],
        strictPreflight: false,
      });
    },
  });
  if (ratePerMinute > 0) await limitRate(app, ratePerMinute);
  app.addHook("onRequest", async (request) => {
    if (request.method === "OPTIONS") return; // browsers send preflight requests without the token
    const { scope = "public" } = request.routeOptions.config;
    if (scope === "write") checkWriter(request, tokens);
    else tokens.check(request.headers.authorization, scope);
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
      new MmelError("BUSY", {
        what: `the client sent more than ${max} requests per minute`,
        hint: `Retry in ${after}.`,
      }),
  });
}
