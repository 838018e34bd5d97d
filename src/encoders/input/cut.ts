import type { Span } from "../../core/index.js";

/** At most this many characters of a text are tokenised for each token that may be kept. */
const CHARACTERS_PER_TOKEN = 16;

/** A stretch of a text or list, and where in it what matters begins. */
export interface Cut<T> {
  readonly kept: T;
  readonly focus: number;
}

/**
 * The part of a long text that is worth tokenising when `tokens` tokens may be kept: around the start of `span`, or
 * else from the start. Makes the cost of a text of any length that of a short one. Never cuts a surrogate pair in two.
 */
export function cutText(text: string, tokens: number, span: Span | undefined): Cut<string> {
  const focus = span?.start ?? 0;
  const { start, end } = window(text.length, tokens * CHARACTERS_PER_TOKEN, focus);
  const [from, to] = [afterPair(text, start), beforePair(text, end)];
  return { kept: text.slice(from, to), focus: Math.max(0, focus - from) };
}

/** `size` of `length` places with `focus` in the middle, as far as the ends allow. */
export function window(length: number, size: number, focus: number): Span {
  const start = Math.max(0, Math.min(focus - (size >> 1), length - size));
  return { start, end: Math.min(length, start + size) };
}

const isLow = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;
const afterPair = (text: string, at: number): number => (at > 0 && isLow(text, at) ? at + 1 : at);
const beforePair = (text: string, at: number): number => (at < text.length && isLow(text, at) ? at - 1 : at);
