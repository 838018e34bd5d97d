import { MmelError } from "../core/index.js";

/** Bounds on what the service accepts and how long it waits. */
export interface Limits {
  /** Bytes of one request body; a picture inside JSON is a third larger than its file. */
  readonly bodyBytes: number;
  /** Bytes of the bodies of all unanswered requests together, not counting streams. */
  readonly allBodyBytes: number;
  /** Bytes of a picture file. */
  readonly imageBytes: number;
  /** Captions in one request, except in a stream. */
  readonly batch: number;
  /** Mentions in one caption. */
  readonly mentions: number;
  /** UTF-16 code units in the text of one caption. */
  readonly textLength: number;
  /** Captions that are waiting or being linked. */
  readonly queue: number;
  /** Concurrent streams. */
  readonly streams: number;
  /** Captions of one stream in progress at a time. */
  readonly streamWindow: number;
  /** Seconds to receive a request, and the longest a stream may be silent. */
  readonly receiveSeconds: number;
  /** Seconds to answer a request. */
  readonly answerSeconds: number;
  /** Concurrent connections; raised to twice `queue` if lower. */
  readonly connections: number;
  /** Requests per minute from one address; 0 for no limit. */
  readonly ratePerMinute: number;
}

export const LIMITS: Limits = {
  bodyBytes: 16 * 2 ** 20,
  allBodyBytes: 256 * 2 ** 20,
  imageBytes: 10 * 2 ** 20,
  batch: 256,
  mentions: 200,
  textLength: 20_000,
  queue: 512,
  streams: 8,
  streamWindow: 64,
  receiveSeconds: 20,
  answerSeconds: 60,
  connections: 1000,
  ratePerMinute: 0,
};

/** Throws `TOO_LARGE` if a body has too many captions or mentions, or too long a text. Runs before the body is validated. */
export function checkCaptionLimits(body: unknown, limits: Limits): void {
  const captions = fieldOf(body, "captions");
  if (Array.isArray(captions))
    checkCount(
      captions.length,
      limits.batch,
      "captions in one request",
      "Send them as a stream (application/x-ndjson).",
    );
  for (const caption of Array.isArray(captions) ? captions : [body]) checkCaption(caption, limits);
}

function checkCaption(caption: unknown, limits: Limits): void {
  const mentions = fieldOf(caption, "mentions");
  if (Array.isArray(mentions)) checkCount(mentions.length, limits.mentions, "mentions in one caption");
  const text = fieldOf(caption, "text");
  if (typeof text === "string") checkCount(text.length, limits.textLength, "characters in one caption");
}

function checkCount(count: number, limit: number, what: string, hint?: string): void {
  if (count <= limit) return;
  throw new MmelError("TOO_LARGE", { what: `${count} ${what}`, expected: `at most ${limit}`, hint });
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
