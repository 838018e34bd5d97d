import { setTimeout as sleep } from "node:timers/promises";
import { type Dispatcher, request } from "undici";
import { COMMONS_FILES, MmelError } from "../../core/index.js";

export interface DownloadOptions {
  readonly dispatcher: Dispatcher;
  /** What stands in place of `COMMONS_FILES`. */
  readonly from: string;
  /** Width in pixels of the picture asked for; larger ones are made smaller by the server. */
  readonly width: number;
  readonly maxBytes: number;
  readonly userAgent: string;
  readonly signal: AbortSignal;
  /** Milliseconds before the first repetition; doubles each time. */
  readonly backOff: number;
}

export type Download =
  | { readonly kind: "picture"; readonly bytes: Uint8Array }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly error: MmelError };

const REDIRECTS = 5;
const ATTEMPTS = 5;
/** Longest wait that a server may ask for, in milliseconds. */
const LONGEST_WAIT = 300_000;
const HOSTS: ReadonlySet<string> = new Set(["commons.wikimedia.org", "upload.wikimedia.org"]);
const OFTEN = new Set([429, 502, 503, 504]);

/** A file of Wikimedia Commons. Waits when the server says so, and tries again after failures that may pass. */
export async function download(address: string, options: DownloadOptions): Promise<Download> {
  const { signal, backOff } = options;
  for (let attempt = 1; ; attempt++) {
    const answer = await once(address, options).catch((error: unknown): Answer => {
      if (signal.aborted) throw new MmelError("ABORTED", { what: "interrupted", cause: signal.reason });
      if (error instanceof MmelError) return { kind: "failed", error };
      return { kind: "later", why: (error as Error).message };
    });
    if (answer.kind !== "later") return answer;
    if (attempt === ATTEMPTS) return { kind: "failed", error: unreachable(address, answer.why) };
    const wait = Math.min(LONGEST_WAIT, Math.max(answer.wait ?? 0, backOff * 2 ** (attempt - 1)));
    await sleep(wait, undefined, { signal }).catch(() => {}); // the next attempt tells of the abort
  }
}

type Answer = Download | { readonly kind: "later"; readonly why: string; readonly wait?: number | undefined };

async function once(address: string, options: DownloadOptions): Promise<Answer> {
  const { from, width, dispatcher, userAgent, signal } = options;
  let url = new URL(`${from}${address.slice(COMMONS_FILES.length)}?width=${width}`);
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const answer = await request(url, {
      dispatcher,
      signal,
      headers: { accept: "image/*", "user-agent": userAgent },
    });
    const { statusCode: status, headers, body } = answer;
    if (status === 200) return { kind: "picture", bytes: await pictureOf(answer, address, options) };
    await body.dump({ limit: 1 << 16 });
    if (status === 404 || status === 410) return { kind: "missing" };
    if (OFTEN.has(status)) {
      return { kind: "later", why: `it answers ${status}`, wait: waitIn(String(headers["retry-after"])) };
    }
    if (status < 300 || status >= 400 || typeof headers.location !== "string")
      throw unfetched(address, `it answers ${status}`);
    const next = new URL(headers.location, url);
    if (!isAllowed(next, from)) throw unfetched(address, `it leads to ${next.host}`);
    url = next;
  }
  throw unfetched(address, "it redirects again and again");
}

/** Milliseconds that a Retry-After header asks for, in seconds or as a date; undefined for anything else. */
function waitIn(header: string): number | undefined {
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : 1000 * seconds;
  return Number.isFinite(wait) ? wait : undefined;
}

/** Wikimedia's own hosts, or the one that stands for them. */
function isAllowed(url: URL, from: string): boolean {
  return url.origin === new URL(from).origin || (url.protocol === "https:" && HOSTS.has(url.host));
}

async function pictureOf(
  { headers, body }: Dispatcher.ResponseData,
  address: string,
  { maxBytes }: DownloadOptions,
): Promise<Uint8Array> {
  const type = String(headers["content-type"] ?? "");
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Uint8Array>) {
    if (!type.startsWith("image/")) throw unfetched(address, `it is no picture but ${type || "unknown"}`);
    size += part.length;
    if (size > maxBytes)
      throw new MmelError("IMAGE_TOO_LARGE", {
        what: "the picture is too long",
        where: address,
        expected: `at most ${maxBytes} bytes`,
      });
    parts.push(part);
  }
  if (size === 0) throw unfetched(address, "it is empty");
  return Buffer.concat(parts);
}

function unfetched(where: string, why: string): MmelError {
  return new MmelError("IMAGE_UNREADABLE", { what: `the picture cannot be fetched: ${why}`, where });
}

function unreachable(where: string, why: string): MmelError {
  return new MmelError("IMAGE_UNREADABLE", {
    what: `the picture could not be fetched in ${ATTEMPTS} attempts: ${why}`,
    where,
    hint: "the same command later, which goes on from there",
  });
}
