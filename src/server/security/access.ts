import type { FastifyRequest } from "fastify";
import ipaddr from "ipaddr.js";
import { MmelError } from "../../core/index.js";
import { isLoopback } from "./bind.js";

export interface CallerRules {
  /** Origins of pages that may call, such as `https://review.example.org`. */
  readonly origins: ReadonlySet<string>;
  /** Names that the service goes by; undefined: any. */
  readonly hosts: ReadonlySet<string> | undefined;
  /** Whether pages of this machine's own programs may call what tools speak (OpenRefine's). */
  readonly localTools: boolean;
}

/**
 * `FORBIDDEN` for a name that the service does not go by, which a page that makes its own name point to this machine would
 * use (DNS rebinding), and for a page of another origin. Addresses in figures pass: no name server can make them point here.
 */
export function checkCaller({ headers, method, url }: FastifyRequest, rules: CallerRules): void {
  const host = headers.host ?? "";
  const name = hostnameOf(host);
  if (rules.hosts !== undefined && !ipaddr.isValid(name) && !rules.hosts.has(name))
    throw new MmelError("FORBIDDEN", {
      what: `this service does not go by the name ${JSON.stringify(name)}`,
      hint: "--allow-host NAME",
    });
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return; // a browser keeps the answer from the page
  const { origin } = headers;
  if (origin === undefined || isOwn(origin, host) || allowsOrigin(origin, url, rules)) return;
  throw new MmelError("FORBIDDEN", { what: `pages of ${origin} may not call`, hint: "--cors ORIGIN" });
}

/** Whether a page of another origin may read an answer. */
export function allowsOrigin(origin: string, url: string, { origins, localTools }: CallerRules): boolean {
  if (origins.has(origin)) return true;
  return localTools && /^\/reconcile(?:[/?]|$)/.test(url) && isLocalPage(origin);
}

function isOwn(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}

function isLocalPage(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname.replace(/^\[|\]$/g, ""));
}

/** `[::1]:8080` → `::1` */
function hostnameOf(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)?.[1];
  return (bracketed ?? host.replace(/:\d*$/, "")).toLowerCase().replace(/\.$/, "");
}
