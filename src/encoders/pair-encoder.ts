import { LRUCache } from "lru-cache";
import { MmelError, type Span } from "../core/index.js";
import type { Frame, TextTokenizer } from "./tokenizer.js";

/** One input of a text encoder: its token ids, and which tokens belong to the caption and to the entity. */
export interface InputTokens {
  readonly ids: Int32Array;
  /** Index of the first token of segment 1; `ids.length` if every token is in segment 0. */
  readonly secondFrom: number;
  /**
   * Range of the caption's tokens: the context mask in equation 1 of the paper. Special tokens and padding are neither
   * in this range nor in `entity`.
   */
  readonly context: Span;
  /** Range of the entity's tokens: the entity mask in equation 1 of the paper. */
  readonly entity: Span;
}

/** The tokens of a mention and its context, computed once for all candidates. */
export interface ContextTokens {
  readonly mention: readonly number[];
  readonly text: readonly number[];
  /** Index in `text` of the token that is kept in the middle when the text is truncated. */
  readonly focus: number;
}

/** Token ids of an entity's text. */
export type EntityTokens = readonly number[];

/** Converts mentions and entities to inputs of the text encoder. */
export interface PairEncoder {
  /**
   * Tokenises a mention and its context. `span` is the position of the mention in `text`, if known. If the text is too
   * long, keeps the part around the mention, or the beginning of the text if there is no `span`.
   */
  context(mention: string, text: string, span?: Span): ContextTokens;
  /** Tokenises an entity's text. Returns cached tokens for recently used texts. */
  entity(text: string): EntityTokens;
  /** Builds the input `[CLS] Mention: … Context: … [SEP] Entity: … [SEP]`. */
  pair(context: ContextTokens, entity: EntityTokens): InputTokens;
  /**
   * Builds the input `[CLS] Mention: … Context: … [SEP]`, for the variants that encode context and entity separately.
   */
  contextAlone(context: ContextTokens): InputTokens;
  /** Builds the input `[CLS] Entity: … [SEP]`, for the variants that encode context and entity separately. */
  entityAlone(entity: EntityTokens): InputTokens;
  /**
   * Builds the input `[CLS] … [SEP]` from a text without a template, for baselines. Of a text that takes more than `room`
   * tokens, special tokens included, keeps the first ones, or the last ones if `end` is true.
   */
  plain(text: string, room: number, end?: boolean): InputTokens;
}

export interface PairOptions {
  /** Maximum length of an input in tokens, including special tokens. */
  readonly maxTokens: number;
  /** Share of an input's tokens that is reserved for mention and context if the entity text is long. */
  readonly contextShare: number;
}

/**
 * Parts of the template `Mention: {mention}. Context: {context}.` and `Entity: {entity}.` A text that already ends with
 * a full stop does not get another one.
 */
const TEMPLATE = { mention: "Mention:", context: ". Context:", entity: "Entity:", end: "." } as const;

const MIN_TOKENS = 32;
const CACHED_ENTITIES = 20_000;

/**
 * Creates a pair encoder. If an input is too long, the context is truncated first. The context keeps its share of the
 * tokens or all tokens that the entity does not need, whichever is more. If the input is still too long, the entity is
 * truncated. The mention is kept in full unless it is too long for the context's share. Throws `CONFIG` if `maxTokens`
 * or `contextShare` is out of range.
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
    plain(text, room, end = false) {
      const size = room - specialTokens(single);
      const ids = encode(
        end ? text.slice(-room * CHARACTERS_PER_TOKEN) : text.slice(0, room * CHARACTERS_PER_TOKEN),
      );
      return framed(single, end ? ids.slice(-size) : ids.slice(0, size), []);
    },
  };
}

/**
 * Returns the tokens of the template's own words. If the tokenizer may join punctuation to the preceding word, the
 * template is split only at white space. In this case, the full stop is tokenised together with the text before it, and
 * `end` is empty.
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

/** Adds the special tokens to one or two texts. Segment 1 starts at the second text of a pair. */
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

/** Maximum number of characters that are tokenised for each token that can be kept. */
const CHARACTERS_PER_TOKEN = 16;

/**
 * Shortens a long text to a window that is large enough for `tokens` tokens, so that long texts take no more time than
 * short ones. The window is centred on the start of `span`; without a span, it starts at the beginning of the text.
 * Never splits a surrogate pair.
 */
function cutText(text: string, tokens: number, span: Span | undefined): { kept: string; focus: number } {
  const focus = span?.start ?? 0;
  const { start, end } = windowAround(text.length, tokens * CHARACTERS_PER_TOKEN, focus);
  const isLowSurrogate = (index: number): boolean => (text.charCodeAt(index) & 0xfc00) === 0xdc00;
  const from = start > 0 && isLowSurrogate(start) ? start + 1 : start;
  const to = end < text.length && isLowSurrogate(end) ? end - 1 : end;
  return { kept: text.slice(from, to), focus: Math.max(0, focus - from) };
}

/**
 * Returns a window of at most `size` out of `length` positions. `focus` is in its middle unless the window would then
 * extend past an end.
 */
function windowAround(length: number, size: number, focus: number): Span {
  const start = Math.max(0, Math.min(focus - (size >> 1), length - size));
  return { start, end: Math.min(length, start + size) };
}
