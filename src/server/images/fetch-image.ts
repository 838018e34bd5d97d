import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { Agent, request } from "undici";
import { MmelError } from "../../core/index.js";
import { joinedSignal } from "../../core/signals.js";

/** Resolves a host name to all its IP addresses, like `lookup` from `node:dns` with the option `all`. */
export type Resolve = (name: string) => Promise<readonly { address: string; family: number }[]>;

export interface FetchOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Total time limit in seconds, including redirects (default 15). */
  readonly seconds?: number;
  readonly resolve?: Resolve;
  /** Returns whether connecting to an IP address is allowed (default: `isPublic`). */
  readonly allowed?: (address: string) => boolean;
}

const MAX_REDIRECTS = 4;

/**
 * Fetches a picture from the public internet. The URL and every redirect are checked. Throws `USAGE` if a URL is not
 * a web URL, `FORBIDDEN` if a host is not public, `IMAGE_TOO_LARGE` if the picture exceeds `maxBytes`, and
 * `IMAGE_UNREADABLE` if the picture cannot be fetched. If the signal aborts, throws its reason.
 */
export async function fetchImage(imageUrl: string, options: FetchOptions): Promise<Uint8Array> {
  const { signal, seconds = 15, resolve = resolveName, allowed = isPublic } = options;
  const agent = new Agent({ connect: { lookup: guardedLookup(resolve, allowed), timeout: 5000 } });
  using either = joinedSignal([signal], seconds);
  try {
    let url = parseWebUrl(imageUrl, allowed);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await request(url, {
        dispatcher: agent,
        signal: either,
        headers: { accept: "image/*", "user-agent": "mmel" },
      });
      const { location } = response.headers;
      if (response.statusCode >= 300 && response.statusCode < 400 && typeof location === "string") {
        await response.body.dump({ limit: 4096, signal: either });
        url = parseWebUrl(new URL(location, url).href, allowed);
      } else if (response.statusCode === 200) return await readBytes(response.body, options.maxBytes);
      else throw fetchFailed(`the server responded with status ${response.statusCode}`);
    }
    throw fetchFailed("too many redirects");
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof MmelError && error !== either.reason) throw error;
    if (either.aborted) throw fetchFailed(`it took longer than ${seconds} seconds`, error);
    const { cause = error } = error as Error;
    throw cause instanceof MmelError ? cause : fetchFailed("the connection failed", error);
  } finally {
    await agent.destroy();
  }
}

/**
 * Returns whether an IP address belongs to the public internet. Returns false, for example, for private, loopback,
 * link-local and shared addresses, and for IPv6 addresses that map to one of these IPv4 addresses or contain any IPv4
 * address in the deprecated form `::127.0.0.1`.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const plain = ipaddr.process(address);
  return plain.range() === "unicast" && !(plain instanceof ipaddr.IPv6 && isIPv4Compatible(plain));
}

/** Returns whether an IPv6 address has the deprecated form `::a.b.c.d`, which some systems connect to `a.b.c.d`. */
const isIPv4Compatible = ({ parts }: ipaddr.IPv6): boolean => parts.slice(0, 6).every((part) => part === 0);

const resolveName: Resolve = (name) =>
  new Promise((resolve, reject) => {
    lookup(name, { all: true, verbatim: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

/**
 * Returns a lookup function that resolves a host name and fails with `FORBIDDEN` unless all its IP addresses are
 * allowed. The connection uses the addresses that were checked, so a name server cannot return a different address
 * afterwards (DNS rebinding).
 */
export function guardedLookup(resolve: Resolve, allowed: (address: string) => boolean): LookupFunction {
  return (name, { all }, callback) => {
    const checkedLookup = async (): Promise<readonly { address: string; family: number }[]> => {
      const found = await resolve(name);
      if (found.length === 0 || !found.every(({ address }) => allowed(address))) throw notPublic(name);
      return found;
    };
    checkedLookup().then(
      (found) => (all ? callback(null, [...found]) : callback(null, found[0]!.address, found[0]!.family)),
      (error) => callback(error, ""),
    );
  };
}

/**
 * Parses an http(s) URL. Throws `USAGE` if the text is not an http(s) URL, is too long, or contains a user name or
 * password. Throws `FORBIDDEN` if the host is an IP address that is not allowed.
 */
function parseWebUrl(text: string, allowed: (address: string) => boolean): URL {
  if (text.length > 2000 || !URL.canParse(text)) throw notWebUrl();
  const url = new URL(text);
  if (!["http:", "https:"].includes(url.protocol) || url.username !== "" || url.password !== "")
    throw notWebUrl();
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(host) && !allowed(host)) throw notPublic(host); // the lookup skips IP addresses
  return url;
}

async function readBytes(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes)
      throw new MmelError("IMAGE_TOO_LARGE", {
        what: "the picture is too large",
        expected: `at most ${maxBytes} bytes`,
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const notPublic = (name: string): MmelError =>
  new MmelError("FORBIDDEN", {
    what: `the host ${name} is not on the public internet`,
    expected: "a host without private, loopback or link-local addresses",
  });

const notWebUrl = (): MmelError =>
  new MmelError("USAGE", {
    what: "imageUrl is not a web URL",
    expected: "an http or https URL without a user name or password",
  });

const fetchFailed = (why: string, cause?: unknown): MmelError =>
  new MmelError("IMAGE_UNREADABLE", { what: `the picture at imageUrl could not be fetched: ${why}`, cause });
