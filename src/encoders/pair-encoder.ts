import { LRUCache } from "lru-cache";
import { MmelError, type Span } from "../core/index.js";
import type { Frame, TextTokenizer } from "./tokenizer.js";

/** The token ids of one input of a text encoder, and the tokens of each side. */
export interface InputTokens {
  readonly ids: Int32Array;
  /** Index of the first token of segment 1; `ids.length` if every token is in segment 0. */
  readonly secondFrom: number;
  /** Tokens of the caption, the context mask of equation 1; special tokens and padding are in neither mask. */
  readonly context: Span;
  /** Tokens of the entity, the entity mask of equation 1. */
  readonly entity: Span;
}

/** A mention with its context, tokenised once for all its candidates. */
export interface ContextTokens {
  readonly mention: readonly number[];
  readonly text: readonly number[];
  /** Index of the token of `text` that stays in the middle when the text is truncated. */
  readonly focus: number;
}

/** An entity's text, tokenised. */
export type EntityTokens = readonly number[];

/** Turns mentions and entities into inputs of the text encoder. */
export interface PairEncoder {
  /**
   * `span` is the position of the mention in `text`, if known: long texts are cut around it, otherwise at their end.
   */
  context(mention: string, text: string, span?: Span): ContextTokens;
  /** Tokenises an entity's text, or returns the cached tokens of a recently used one. */
  entity(text: string): EntityTokens;
  /** `[CLS] Mention: … Context: … [SEP] Entity: … [SEP]`. */
  pair(context: ContextTokens, entity: EntityTokens): InputTokens;
  /** `[CLS] Mention: … Context: … [SEP]`, for the variants that encode both sides separately. */
  contextAlone(context: ContextTokens): InputTokens;
  /** `[CLS] Entity: … [SEP]`. */
  entityAlone(entity: EntityTokens): InputTokens;
}

export interface PairOptions {
  /** Longest input in tokens, special tokens included. */
  readonly maxTokens: number;
  /** Share of the tokens that mention and context keep if the entity needs the rest. */
  readonly contextShare: number;
}

/**
 * The template `Mention: {mention}. Context: {context}.` with `Entity: {entity}.`; a part that ends with a full stop
 * gets no second one.
 */
const TEMPLATE = { mention: "Mention:", context: ". Context:", entity: "Entity:", end: "." } as const;

const MIN_TOKENS = 32;
const CACHED_ENTITIES = 20_000;

/**
 * Truncates the context first, down to its share or to what the entity leaves, whichever is more, and then the entity.
 * The mention stays whole unless it exceeds the context's share on its own. Throws `CONFIG` if the options leave too
 * little room.
 */
export function createPairEncoder(tokenizer: TextTokenizer, options: PairOptions): PairEncoder {
  const { maxTokens, contextShare } = options;
  if (!(maxTokens >= MIN_TOKENS && contextShare >= 0.25 && contextShare <= 0.75))
    throw new MmelError("CONFIG", {
      what: `maxTokens is ${maxTokens} and contextShare is ${contextShare}`,
      expected: `at least ${MIN_TOKENS} tokens and a share from 0.25 to 0.75`,
    });
  const { encode, single, pair, splitsPunctuation } = tokenizer;
  const words = templateTokens(tokenizer);
  const { end } = words;
  const tokenise = (text: string): number[] =>
    encode(splitsPunctuation ? withoutFullStop(text) : ` ${withoutFullStop(text)}${TEMPLATE.end}`);
  const pairRoom = maxTokens - specialTokens(pair);
  const singleRoom = maxTokens - specialTokens(single);
  const share = Math.floor(pairRoom * contextShare);
  const mentionRoom = share - words.mention.length - words.context.length - end.length;
  const cache = new LRUCache<string, EntityTokens>({ max: CACHED_ENTITIES });

  const contextIds = ({ mention, text, focus }: ContextTokens, room: number): number[] => {
    const size = Math.max(0, room - mention.length - end.length);
    const kept = windowAround(text.length, size, focus);
    return [...mention, ...text.slice(kept.start, kept.end), ...end];
  };
  const entityIds = (entity: EntityTokens, room: number): number[] => [
    ...words.entity,
    ...entity.slice(0, room - words.entity.length - end.length),
    ...end,
  ];

  return {
    context(mention, text, span) {
      const name = tokenise(cutText(mention, mentionRoom, undefined).kept).slice(0, mentionRoom);
      const { kept, focus } = cutText(text, maxTokens, span);
      const tokens = tokenise(kept);
      const isLong = span !== undefined && tokens.length + name.length > mentionRoom;
      return {
        mention: [...words.mention, ...name, ...words.context],
        text: tokens,
        focus: isLong ? encode(` ${kept.slice(0, focus)}`).length : 0,
      };
    },
    entity(text) {
      const known = cache.get(text);
      if (known !== undefined) return known;
      const tokens = tokenise(cutText(text, maxTokens, undefined).kept).slice(0, maxTokens);
      cache.set(text, tokens);
      return tokens;
    },
    pair(context, entity) {
      const wanted = words.entity.length + entity.length + end.length;
      const first = contextIds(context, Math.max(share, pairRoom - wanted));
      return framed(pair, first, entityIds(entity, pairRoom - first.length));
    },
    contextAlone: (context) => framed(single, contextIds(context, singleRoom), []),
    entityAlone: (entity) => framed(single, [], entityIds(entity, singleRoom)),
  };
}

/**
 * The tokens of the template's own words. If the tokenizer may join punctuation with the word before it, the parts are
 * split at white space only: the full stop then belongs to the part, and `end` is empty.
 */
function templateTokens({ encode, splitsPunctuation }: TextTokenizer) {
  const { mention, context, entity, end } = TEMPLATE;
  return {
    mention: encode(mention),
    context: encode(splitsPunctuation ? context : context.slice(end.length)),
    entity: encode(entity),
    end: splitsPunctuation ? encode(end) : [],
  };
}

function withoutFullStop(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.endsWith(TEMPLATE.end) ? trimmed.slice(0, -TEMPLATE.end.length) : trimmed;
}

function specialTokens({ before, between, after }: Frame): number {
  return before.length + between.length + after.length;
}

/** Puts special tokens around one or two texts. Segment 1 starts at the second text of a pair. */
function framed(
  { before, between, after, segments }: Frame,
  context: number[],
  entity: number[],
): InputTokens {
  const ids = Int32Array.from([...before, ...context, ...between, ...entity, ...after]);
  const contextEnd = before.length + context.length;
  const entityStart = contextEnd + between.length;
  return {
    ids,
    secondFrom: segments && context.length > 0 && entity.length > 0 ? entityStart : ids.length,
    context: { start: before.length, end: contextEnd },
    entity: { start: entityStart, end: entityStart + entity.length },
  };
}

/** At most this many characters of a text are tokenised for each token that it may keep. */
const CHARACTERS_PER_TOKEN = 16;

/**
 * Cuts a long text down to what can matter if `tokens` tokens are kept, around the start of `span` or from the start of
 * the text, so that long texts cost no more than short ones. Never splits a surrogate pair.
 */
function cutText(text: string, tokens: number, span: Span | undefined): { kept: string; focus: number } {
  const focus = span?.start ?? 0;
  const { start, end } = windowAround(text.length, tokens * CHARACTERS_PER_TOKEN, focus);
  const isLowSurrogate = (index: number): boolean => (text.charCodeAt(index) & 0xfc00) === 0xdc00;
  const from = start > 0 && isLowSurrogate(start) ? start + 1 : start;
  const to = end < text.length && isLowSurrogate(end) ? end - 1 : end;
  return { kept: text.slice(from, to), focus: Math.max(0, focus - from) };
}

/** Returns `size` of `length` positions with `focus` in the middle, as far as both ends allow. */
function windowAround(length: number, size: number, focus: number): Span {
  const start = Math.max(0, Math.min(focus - (size >> 1), length - size));
  return { start, end: Math.min(length, start + size) };
}
