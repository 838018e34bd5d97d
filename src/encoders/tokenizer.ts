import { Tokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { MmelError } from "../core/index.js";
import { damaged, issuesOf } from "../formats/safetensors/index.js";

/** The special tokens around one text or a pair of texts. */
export interface Frame {
  readonly before: readonly number[];
  /** Special tokens between the two texts of a pair; empty for a single text. */
  readonly between: readonly number[];
  readonly after: readonly number[];
  /** Whether the second text of a pair is in segment 1. False if the tokenizer has no segments. */
  readonly segments: boolean;
}

export interface TextTokenizer {
  /** Returns the token ids of a text, without special tokens. */
  encode(text: string): number[];
  readonly single: Frame;
  readonly pair: Frame;
  /** Whether punctuation is always a separate token. Otherwise it may be joined to the preceding word. */
  readonly splitsPunctuation: boolean;
  /** The parsed `tokenizer.json`, for storage in a checkpoint. */
  readonly json: object;
}

const id = z.int().nonnegative();
const postProcessor = z.looseObject({
  type: z.enum(["TemplateProcessing", "BertProcessing", "RobertaProcessing", "Sequence"]),
});
const common = {
  post_processor: postProcessor,
  added_tokens: z.array(z.looseObject({ id, content: z.string() })),
};
const vocabulary = z.record(z.string(), id);

const wordPiece = z.looseObject({
  model: z.looseObject({
    type: z.literal("WordPiece"),
    vocab: vocabulary,
    unk_token: z.string(),
    continuing_subword_prefix: z.string(),
  }),
  pre_tokenizer: z.looseObject({ type: z.literal("BertPreTokenizer") }),
  normalizer: z.looseObject({ type: z.literal("BertNormalizer") }),
  ...common,
});
const bytePairs = z.looseObject({
  model: z.looseObject({ type: z.literal("BPE"), vocab: vocabulary, merges: z.array(z.unknown()) }),
  pre_tokenizer: z.looseObject({ type: z.literal("ByteLevel") }),
  normalizer: z.null().optional(),
  ...common,
});
const unigram = z.looseObject({
  model: z.looseObject({
    type: z.literal("Unigram"),
    vocab: z.array(z.tuple([z.string(), z.number()])),
    unk_id: id,
  }),
  pre_tokenizer: z.looseObject({ type: z.enum(["Metaspace", "Sequence"]) }),
  ...common,
});
const SCHEMAS = { WordPiece: wordPiece, BPE: bytePairs, Unigram: unigram } as const;
const kindSchema = z.looseObject({ model: z.looseObject({ type: z.enum(["WordPiece", "BPE", "Unigram"]) }) });
type TokenizerJson = z.infer<(typeof SCHEMAS)[keyof typeof SCHEMAS]>;

/**
 * Creates a tokenizer from a parsed `tokenizer.json`. Supports WordPiece on words split at white space and punctuation
 * (BERT, DistilBERT), byte-level BPE (RoBERTa) and Unigram on words (XLM-RoBERTa). All of these split at white space,
 * so the parts of a template can be tokenised separately. Throws `MODEL_UNSUPPORTED` if the JSON does not describe a
 * tokenizer of one of these kinds, and `MODEL_DAMAGED` if an id is not below `vocabularySize` or a special token is
 * missing from the vocabulary.
 */
export function createTokenizer(json: object, vocabularySize: number, where: string): TextTokenizer {
  const parsed = parse(json, where);
  const highest = parsed.added_tokens.reduce((max, token) => Math.max(max, token.id), highestId(parsed));
  if (highest >= vocabularySize)
    throw damaged(
      `the tokenizer's ids go up to ${highest}`,
      where,
      `ids below the encoder's vocab_size of ${vocabularySize}`,
    );
  if (parsed.model.type === "WordPiece" && !Object.hasOwn(parsed.model.vocab, parsed.model.unk_token))
    throw damaged(
      `the tokenizer's vocabulary does not contain its unknown token ${parsed.model.unk_token}`,
      where,
    );
  const using = <T>(action: () => T): T => usingLibrary(action, where);
  const tokenizer: LibraryTokenizer = using(() => new Tokenizer(json, {}));
  const encode = (text: string): number[] =>
    using(() => tokenizer.encode(text, { add_special_tokens: false }).ids.map(assertId));
  encode(SAMPLE); // finds most damage before any text is linked
  const pair = using(() => frameOf(tokenizer, true, where));
  return {
    encode,
    single: using(() => frameOf(tokenizer, false, where)),
    pair: { ...pair, segments: pair.segments && parsed.post_processor.type !== "RobertaProcessing" },
    splitsPunctuation: parsed.model.type === "WordPiece",
    json,
  };
}

/** A text with letters, capitals, accents, digits, punctuation, other scripts and an emoji. */
const SAMPLE = "Dr. José Müller-Łódź, 1891 (left) & 王小明 😀 don't";

/** Runs an action of the tokenizer's library, which does not check the file. Throws `MODEL_DAMAGED` if it fails. */
function usingLibrary<T>(action: () => T, where: string): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof MmelError) throw error;
    throw damaged(`the tokenizer cannot be used (${(error as Error).message})`, where);
  }
}

/** Returns a token id. Throws if a damaged tokenizer returned something else. */
function assertId(id: unknown): number {
  if (Number.isSafeInteger(id)) return id as number;
  throw new TypeError(`a token has the id ${String(id)}`);
}

function highestId({ model }: TokenizerJson): number {
  if (model.type === "Unigram") return model.vocab.length - 1;
  return Object.values(model.vocab).reduce((max, each) => Math.max(max, each), -1);
}

function parse(json: object, where: string): TokenizerJson {
  const kind = kindSchema.safeParse(json);
  const parsed = kind.success ? SCHEMAS[kind.data.model.type].safeParse(json) : kind;
  if (parsed.success) return parsed.data as TokenizerJson;
  throw new MmelError("MODEL_UNSUPPORTED", {
    what: `this kind of tokenizer is not supported (${issuesOf(parsed.error)})`,
    where,
    expected:
      "WordPiece with BertNormalizer and BertPreTokenizer, BPE with ByteLevel, or Unigram with Metaspace",
  });
}

/**
 * The part of the API of `@huggingface/tokenizers` that this module uses. The package's own types do not resolve under
 * Node's module rules.
 */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  token_to_id(token: string): number | undefined;
  post_processor(first: string[], second: string[] | null, special: boolean): Processed;
}

interface Processed {
  readonly tokens: string[];
  readonly token_type_ids?: number[];
}

/** Determines the special tokens by running the tokenizer's post-processor on placeholders. */
function frameOf(tokenizer: LibraryTokenizer, pair: boolean, where: string): Frame {
  const [first, second] = ["first\0", "second\0"];
  const { tokens, token_type_ids: types } = tokenizer.post_processor([first], pair ? [second] : null, true);
  const ids = (start: number, end: number): number[] =>
    tokens.slice(start, end).map((token) => {
      const known = tokenizer.token_to_id(token);
      if (known === undefined)
        throw damaged(`the tokenizer's vocabulary does not contain its special token ${token}`, where);
      return known;
    });
  const [firstIndex, lastIndex] = [tokens.indexOf(first), tokens.indexOf(pair ? second : first)];
  return {
    before: ids(0, firstIndex),
    between: ids(firstIndex + 1, lastIndex),
    after: ids(lastIndex + 1, tokens.length),
    segments: pair && types?.[lastIndex] === 1,
  };
}
