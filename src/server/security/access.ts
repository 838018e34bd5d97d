import type { FastifyInstance, FastifyRequest } from "fastify";
import ipaddr from "ipaddr.js";
import { MmelError } from "../../core/index.js";
import type { Limits } from "../limits.js";
import type { Tokens } from "./tokens.js";

/** Whether an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback";
}

/** Throws `CONFIG` if other machines can reach the address without a token, unless `insecure` allows that. */
export function checkBind(host: string, { tokens, insecure }: { tokens: number; insecure: boolean }): void {
  if (isLoopback(host) || tokens > 0 || insecure) return;
  throw new MmelError("CONFIG", {
    what: `other machines can reach ${host}, and no token is required`,
    where: "--host",
    expected: "tokens for callers",
    hint: "Set tokens with `--tokens FILE`, or use `--insecure` on a closed network.",
  });
}

export interface CallerRules {
  /** Origins whose pages may call, such as `https://review.example.org`. */
  readonly origins: ReadonlySet<string>;
  /** Accepted host names; undefined accepts any. */
  readonly hosts: ReadonlySet<string> | undefined;
  /** Whether pages served from this machine may use the reconciliation API (OpenRefine). */
  readonly localTools: boolean;
}

/**
 * Throws `FORBIDDEN` for an unknown host name, which blocks DNS rebinding (a page that points its own name at this
 * machine), and for a write from a page of another origin. Numeric addresses pass: DNS cannot redirect them.
 */
function checkCaller({ headers, method, url }: FastifyRequest, rules: CallerRules): void {
  const host = headers.host ?? "";
  const name = hostnameOf(host);
  if (rules.hosts !== undefined && !ipaddr.isValid(name) && !rules.hosts.has(name))
    throw new MmelError("FORBIDDEN", {
      what: `unknown host name ${JSON.stringify(name)}`,
      hint: "Allow it with `--allow-host NAME`.",
    });
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return; // browsers hide the answer from the page
  const { origin } = headers;
  if (origin === undefined || isSameOrigin(origin, host) || allowsOrigin(origin, url, rules)) return;
  throw new MmelError("FORBIDDEN", {
    what: `pages from ${origin} may not call this service`,
    hint: "Allow them with `--cors ORIGIN`.",
  });
}

/** Whether a page of another origin may read an answer. */
function allowsOrigin(origin: string, url: string, { origins, localTools }: CallerRules): boolean {
  if (origins.has(origin)) return true;
  return localTools && /^\/reconcile(?:[/?]|$)/.test(url) && isLocalPage(origin);
}

const isSameOrigin = (origin: string, host: string): boolean =>
  origin === `http://${host}` || origin === `https://${host}`;

const isLocalPage = (origin: string): boolean =>
  URL.canParse(origin) && isLoopback(new URL(origin).hostname.replace(/^\[|\]$/g, ""));

/** `[::1]:8080` → `::1` */
function hostnameOf(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)?.[1];
  return (bracketed ?? host.replace(/:\d*$/, "")).toLowerCase().replace(/\.$/, "");
}

export interface SecurityOptions {
  readonly tokens: Tokens;
  readonly caller: CallerRules;
  /** Whether to take the caller's address from `X-Forwarded-For`, set by a reverse proxy. */
  readonly trustProxy?: boolean;
}

/** Installs the checks that run before any body is read: host name, origin (CORS), request rate, token. */
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
        exposedHeaders: ["x-request-id", "retry-after"],
        strictPreflight: false,
      });
    },
  });
  if (ratePerMinute > 0) await limitRate(app, ratePerMinute);
  app.addHook("onRequest", async (request) => {
    if (request.method === "OPTIONS") return; // browsers send preflight requests without the token
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
      new MmelError("BUSY", { what: `more than ${max} requests per minute`, hint: `Retry in ${after}.` }),
  });
}
