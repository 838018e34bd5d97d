import { MmelError, type Span } from "../core/index.js";
import type { Frame, TextTokenizer } from "./tokenizer.js";
import { cutText, window } from "./input/cut.js";
import { open, WORDING } from "./input/template.js";
import type { InputTokens } from "./input/tokens.js";

export interface PairOptions {
  /** Longest input in tokens, special tokens included. */
  readonly maxTokens: number;
  /** Share of the tokens that mention and context keep when the entity needs the rest. */
  readonly contextShare: number;
}

/** A mention with its context, tokenised once for all its candidates. */
export interface ContextTokens {
  readonly mention: readonly number[];
  readonly text: readonly number[];
  /** The token of `text` to keep in the middle when it is cut. */
  readonly focus: number;
}

/** An entity's text, tokenised. */
export type EntityTokens = readonly number[];

/** Turns mentions and entities into inputs of the text encoder, after the template of section 1. */
export interface PairEncoder {
  /** `span` is where in `text` the mention stands, if it does: a text too long is cut around it, else at its end. */
  context(mention: string, text: string, span?: Span): ContextTokens;
  /** Kept for the entity texts used last. */
  entity(text: string): EntityTokens;
  /** `[CLS] Mention: … Context: … [SEP] Entity: … [SEP]`. */
  pair(context: ContextTokens, entity: EntityTokens): InputTokens;
  /** `[CLS] Mention: … Context: … [SEP]`, for the variants that encode the sides apart. */
  contextAlone(context: ContextTokens): InputTokens;
  /** `[CLS] Entity: … [SEP]`. */
  entityAlone(entity: EntityTokens): InputTokens;
}

const SMALLEST = 32;
const CACHED_ENTITIES = 20_000;

/**
 * Truncation: the context first, down to its share or to what the entity leaves, whichever is more; then the entity.
 * The mention stays whole unless it alone exceeds the context's share. `CONFIG` when `maxTokens` leaves no room.
 */
export function createPairEncoder(tokenizer: TextTokenizer, options: PairOptions): PairEncoder {
  const { maxTokens, contextShare } = options;
  if (!(maxTokens >= SMALLEST && contextShare >= 0.25 && contextShare <= 0.75))
    throw new MmelError("CONFIG", {
      what: `maxTokens ${maxTokens} with contextShare ${contextShare}`,
      expected: `at least ${SMALLEST} tokens and a share from 0.25 to 0.75`,
    });
  const { encode, single, pair, splitsPunctuation } = tokenizer;
  const words = wordsOf(tokenizer);
  const { end } = words;
  const part = (text: string): number[] =>
    encode(splitsPunctuation ? open(text) : ` ${open(text)}${WORDING.end}`);
  const pairRoom = maxTokens - sizeOf(pair);
  const aloneRoom = maxTokens - sizeOf(single);
  const share = Math.floor(pairRoom * contextShare);
  const mentionRoom = share - words.mention.length - words.context.length - end.length;
  const cache = new Map<string, EntityTokens>();

  const contextIds = ({ mention, text, focus }: ContextTokens, room: number): number[] => {
    const { start, end: stop } = window(text.length, Math.max(0, room - mention.length - end.length), focus);
    return [...mention, ...text.slice(start, stop), ...end];
  };
  const entityIds = (entity: EntityTokens, room: number): number[] => [
    ...words.entity,
    ...entity.slice(0, room - words.entity.length - end.length),
    ...end,
  ];

  return {
    context(mention, text, span) {
      const name = part(cutText(mention, mentionRoom, undefined).kept).slice(0, mentionRoom);
      const { kept, focus } = cutText(text, maxTokens, span);
      const tokens = part(kept);
      const long = span !== undefined && tokens.length + name.length > mentionRoom;
      return {
        mention: [...words.mention, ...name, ...words.context],
        text: tokens,
        focus: long ? encode(` ${kept.slice(0, focus)}`).length : 0,
      };
    },
    entity(text) {
      const known = cache.get(text);
      const tokens = known ?? part(cutText(text, maxTokens, undefined).kept).slice(0, maxTokens);
      cache.delete(text);
      cache.set(text, tokens);
      if (cache.size > CACHED_ENTITIES) cache.delete(cache.keys().next().value as string);
      return tokens;
    },
    pair(context, entity) {
      const wanted = words.entity.length + entity.length + end.length;
      const first = contextIds(context, Math.max(share, pairRoom - wanted));
      return frame(pair, first, entityIds(entity, pairRoom - first.length));
    },
    contextAlone: (context) => frame(single, contextIds(context, aloneRoom), []),
    entityAlone: (entity) => frame(single, [], entityIds(entity, aloneRoom)),
  };
}

/**
 * The template's own words. Where punctuation may be one token with the word before it, parts are cut at white
 * space alone: then the full stop belongs to the part, and `end` is empty.
 */
function wordsOf({ encode, splitsPunctuation }: TextTokenizer) {
  const { mention, context, entity, end } = WORDING;
  return {
    mention: encode(mention),
    context: encode(splitsPunctuation ? context : context.slice(end.length)),
    entity: encode(entity),
    end: splitsPunctuation ? encode(end) : [],
  };
}

function sizeOf({ before, between, after }: Frame): number {
  return before.length + between.length + after.length;
}

/** Special tokens around one or two texts. Segment 1 begins with the second text of a pair. */
function frame(
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
