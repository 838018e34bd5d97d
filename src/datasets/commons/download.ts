import { setTimeout as sleep } from "node:timers/promises";
import { type Dispatcher, request } from "undici";
import { COMMONS_FILES, MmelError } from "../../core/index.js";

export interface DownloadOptions {
  readonly dispatcher: Dispatcher;
  /** URL prefix that replaces `COMMONS_FILES`. */
  readonly from: string;
  /** Maximum width in pixels. The server scales larger pictures down. */
  readonly width: number;
  readonly maxBytes: number;
  readonly userAgent: string;
  readonly signal: AbortSignal;
  /** Number of milliseconds before the first retry. Doubles with each retry. */
  readonly backOff: number;
}

export type Download =
  | { readonly kind: "picture"; readonly bytes: Uint8Array }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly error: MmelError };

const MAX_REDIRECTS = 5;
const ATTEMPTS = 5;
/** Maximum number of milliseconds to wait, even if the server asks for more. */
const MAX_WAIT = 300_000;
const HOSTS: ReadonlySet<string> = new Set(["commons.wikimedia.org", "upload.wikimedia.org"]);
const TEMPORARY = new Set([429, 502, 503, 504]);

/**
 * Downloads a file from Wikimedia Commons. Retries temporary failures with exponential backoff, or after a longer wait
 * if a Retry-After header requests one. p-retry is not used, because its delays cannot depend on a response. Throws
 * `ABORTED` if the signal fires. All other failures are returned instead of thrown.
 */
export async function download(address: string, options: DownloadOptions): Promise<Download> {
  const { signal, backOff } = options;
  for (let attempt = 1; ; attempt++) {
    const answer = await attemptDownload(address, options).catch((error: unknown): Answer => {
      if (signal.aborted) throw new MmelError("ABORTED", { what: "interrupted", cause: signal.reason });
      if (error instanceof MmelError) return { kind: "failed", error };
      return { kind: "retry", why: (error as Error).message };
    });
    if (answer.kind !== "retry") return answer;
    if (attempt === ATTEMPTS) return { kind: "failed", error: unreachable(address, answer.why) };
    const wait = Math.min(MAX_WAIT, Math.max(answer.wait ?? 0, backOff * 2 ** (attempt - 1)));
    await sleep(wait, undefined, { signal }).catch(() => {}); // the next attempt throws `ABORTED`
  }
}

type Answer = Download | { readonly kind: "retry"; readonly why: string; readonly wait?: number | undefined };

async function attemptDownload(address: string, options: DownloadOptions): Promise<Answer> {
  const { from, width, dispatcher, userAgent, signal } = options;
  let url = new URL(`${from}${address.slice(COMMONS_FILES.length)}?width=${width}`);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const answer = await request(url, {
      dispatcher,
      signal,
      headers: { accept: "image/*", "user-agent": userAgent },
    });
    const { statusCode: status, headers, body } = answer;
    if (status === 200) return { kind: "picture", bytes: await pictureOf(answer, address, options) };
    await body.dump({ limit: 1 << 16 });
    if (status === 404 || status === 410) return { kind: "missing" };
    if (TEMPORARY.has(status)) {
      return {
        kind: "retry",
        why: `the server responded with status ${status}`,
        wait: waitIn(String(headers["retry-after"])),
      };
    }
    if (status < 300 || status >= 400 || typeof headers.location !== "string")
      throw notDownloaded(address, `the server responded with status ${status}`);
    const next = new URL(headers.location, url);
    if (!isAllowed(next, from)) throw notDownloaded(address, `the server redirects to ${next.host}`);
    url = next;
  }
  throw notDownloaded(address, "the server redirects too often");
}

/**
 * Parses a Retry-After header (seconds or a date) and returns the wait in milliseconds, or undefined if the header is
 * missing or invalid.
 */
function waitIn(header: string): number | undefined {
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : 1000 * seconds;
  return Number.isFinite(wait) ? wait : undefined;
}

/**
 * Returns whether a redirect to a URL is allowed: an HTTPS URL of Wikimedia, or a URL with the same origin as `from`.
 */
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
    if (!type.startsWith("image/"))
      throw notDownloaded(address, `the file is not a picture (type: ${type || "unknown"})`);
    size += part.length;
    if (size > maxBytes)
      throw new MmelError("IMAGE_TOO_LARGE", {
        what: "the picture is too large",
        where: address,
        expected: `at most ${maxBytes} bytes`,
      });
    parts.push(part);
  }
  if (size === 0) throw notDownloaded(address, "the file is empty");
  return Buffer.concat(parts);
}

function notDownloaded(where: string, why: string): MmelError {
  return new MmelError("IMAGE_UNREADABLE", { what: `the picture cannot be downloaded: ${why}`, where });
}

function unreachable(where: string, why: string): MmelError {
  return new MmelError("IMAGE_UNREADABLE", {
    what: `the picture could not be downloaded in ${ATTEMPTS} attempts: ${why}`,
    where,
    hint: "Run the same command again later. It skips pictures that have already been downloaded.",
  });
}
