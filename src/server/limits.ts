import { MmelError } from "../core/index.js";

/** Limits on the size, number, rate and duration of requests. */
export interface Limits {
  /**
   * Maximum bytes of one request body, or of one line of a stream, with its pictures. In JSON, pictures are encoded as
   * base64, which makes them a third larger than their files.
   */
  readonly bodyBytes: number;
  /** Maximum bytes of a JSON body, of a line of a stream or of a form, without the pictures. */
  readonly jsonBytes: number;
  /** Maximum total bytes of the bodies of all requests in progress, except streams. */
  readonly allBodyBytes: number;
  /** Maximum bytes of a picture file. */
  readonly imageBytes: number;
  /** Maximum bytes of a table that is uploaded. */
  readonly uploadBytes: number;
  /** Maximum number of catalogues that are open besides the default. */
  readonly catalogues: number;
  /** Maximum captions in one request, and maximum queries in one reconciliation request. Streams have no such limit. */
  readonly batch: number;
  /** Maximum mentions in one caption. */
  readonly mentions: number;
  /** Maximum length of a caption's text, in UTF-16 code units. */
  readonly textLength: number;
  /**
   * Maximum number of captions that are waiting or being linked. Captions of streams count, but are never rejected
   * because of this limit.
   */
  readonly queue: number;
  /** Maximum number of concurrent streams. */
  readonly streams: number;
  /** Maximum number of captions in progress at a time in one stream. */
  readonly streamWindow: number;
  /** Maximum seconds to receive a complete request, and to wait for the next bytes of a stream. */
  readonly receiveSeconds: number;
  /** Minimum bytes of a stream that must arrive per minute of waiting for them. */
  readonly streamBytesPerMinute: number;
  /** Maximum seconds to process a request, or one caption of a stream. */
  readonly answerSeconds: number;
  /** Maximum number of concurrent connections. A value below twice `queue` is raised to twice `queue`. */
  readonly connections: number;
  /** Maximum requests per minute from one IP address, not counting health checks; 0 for no limit. */
  readonly ratePerMinute: number;
}

export const LIMITS: Limits = {
  bodyBytes: 16 * 2 ** 20,
  jsonBytes: 2 ** 20,
  allBodyBytes: 256 * 2 ** 20,
  imageBytes: 10 * 2 ** 20,
  uploadBytes: 200 * 2 ** 20,
  catalogues: 4,
  batch: 256,
  mentions: 200,
  textLength: 20_000,
  queue: 512,
  streams: 8,
  streamWindow: 64,
  receiveSeconds: 20,
  streamBytesPerMinute: 256,
  answerSeconds: 60,
  connections: 1000,
  ratePerMinute: 0,
};

/**
 * Throws `TOO_LARGE` if a request body contains too many captions, if a caption has too many mentions, or if a text
 * is too long. Must be called before the body is validated.
 */
export function checkCaptionLimits(body: unknown, limits: Limits): void {
  const captions = fieldOf(body, "captions");
  if (Array.isArray(captions))
    checkCount(
      captions.length,
      limits.batch,
      "captions in the request",
      "Send them as a stream (application/x-ndjson).",
    );
  for (const caption of Array.isArray(captions) ? captions : [body]) checkCaption(caption, limits);
}

function checkCaption(caption: unknown, limits: Limits): void {
  const mentions = fieldOf(caption, "mentions");
  if (Array.isArray(mentions)) checkCount(mentions.length, limits.mentions, "mentions in a caption");
  const text = fieldOf(caption, "text");
  if (typeof text === "string")
    checkCount(text.length, limits.textLength, "characters in the text of a caption");
}

function checkCount(count: number, limit: number, what: string, hint?: string): void {
  if (count <= limit) return;
  throw new MmelError("TOO_LARGE", {
    what: `too many ${what}: ${count}`,
    expected: `at most ${limit}`,
    hint,
  });
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
