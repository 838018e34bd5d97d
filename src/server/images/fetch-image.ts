import ipaddr from "ipaddr.js";
import { Agent, request } from "undici";
import { MmelError } from "../../core/index.js";
import { guardedLookup, isPublic, type Resolve, refused, resolveName } from "../security/address.js";

export interface FetchOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Seconds for everything. */
  readonly seconds?: number;
  readonly resolve?: Resolve;
  readonly allowed?: (address: string) => boolean;
}

const REDIRECTS = 4;

/**
 * A picture from an address of the public internet, redirects followed and each checked like the first. `FORBIDDEN`: an
 * address that is not; `IMAGE_TOO_LARGE`; `IMAGE_UNREADABLE`: it could not be fetched.
 */
export async function fetchImage(address: string, options: FetchOptions): Promise<Uint8Array> {
  const { signal, seconds = 15, resolve = resolveName, allowed = isPublic } = options;
  const agent = new Agent({ connect: { lookup: guardedLookup(resolve, allowed), timeout: 5000 } });
  try {
    let url = webAddress(address, allowed);
    const both = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const answer = await request(url, {
        dispatcher: agent,
        signal: both,
        headers: { accept: "image/*", "user-agent": "mmel" },
      });
      const { location } = answer.headers;
      if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === "string") {
        await answer.body.dump({ limit: 4096, signal: both });
        url = webAddress(new URL(location, url).href, allowed);
      } else if (answer.statusCode === 200) return await bytesOf(answer.body, options.maxBytes);
      else throw unfetched(`it answers ${answer.statusCode}`);
    }
    throw unfetched("it redirects again and again");
  } catch (error) {
    if (error instanceof MmelError) throw error;
    if (signal.aborted) throw signal.reason;
    const { cause = error } = error as Error;
    throw cause instanceof MmelError ? cause : unfetched("the connection failed", error);
  } finally {
    await agent.destroy();
  }
}

/** An address of the web, whose host is a name or an allowed address. */
function webAddress(address: string, allowed: (address: string) => boolean): URL {
  if (address.length > 2000 || !URL.canParse(address)) throw notOfTheWeb();
  const url = new URL(address);
  if (!["http:", "https:"].includes(url.protocol) || url.username !== "" || url.password !== "")
    throw notOfTheWeb();
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(host) && !allowed(host)) throw refused(host); // no look-up is made for these
  return url;
}

async function bytesOf(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > most)
      throw new MmelError("IMAGE_TOO_LARGE", {
        what: "the picture is too long",
        expected: `at most ${most} bytes`,
      });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const notOfTheWeb = (): MmelError =>
  new MmelError("USAGE", {
    what: "imageUrl is no address of the web",
    expected: "https://… without a password",
  });

const unfetched = (why: string, cause?: unknown): MmelError =>
  new MmelError("IMAGE_UNREADABLE", { what: `the picture at imageUrl could not be fetched: ${why}`, cause });
