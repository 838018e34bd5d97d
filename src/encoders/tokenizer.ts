import { Tokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { MmelError } from "../core/index.js";
import { damaged, issuesOf } from "../formats/safetensors/index.js";

/** The special tokens that stand around one text or a pair of texts. */
export interface Frame {
  readonly before: readonly number[];
  /** Between the two texts of a pair. */
  readonly between: readonly number[];
  readonly after: readonly number[];
}

export interface TextTokenizer {
  /** Token ids of a text, special tokens not added. */
  encode(text: string): number[];
  readonly single: Frame;
  readonly pair: Frame;
  /** The parsed `tokenizer.json`, as a checkpoint stores it. */
  readonly json: object;
}

const id = z.int().nonnegative();
const schema = z.looseObject({
  model: z.looseObject({
    type: z.literal("WordPiece"),
    vocab: z.record(z.string(), id),
    unk_token: z.string(),
    continuing_subword_prefix: z.string(),
  }),
  pre_tokenizer: z.looseObject({ type: z.literal("BertPreTokenizer") }),
  normalizer: z.looseObject({ type: z.literal("BertNormalizer") }),
  post_processor: z.looseObject({ type: z.enum(["TemplateProcessing", "BertProcessing"]) }),
  added_tokens: z.array(z.looseObject({ id, content: z.string() })),
});

/**
 * A tokenizer from a parsed `tokenizer.json` of the BERT kind: WordPiece on words split at white space and punctuation,
 * which is what lets the parts of a template be tokenised apart. `MODEL_UNSUPPORTED` for another kind, `MODEL_DAMAGED`
 * when an id is not below `vocabularySize`.
 */
export function createTokenizer(json: object, vocabularySize: number, where: string): TextTokenizer {
  const { model, added_tokens } = parse(json, where);
  const highest = added_tokens.reduce(
    (max, token) => Math.max(max, token.id),
    Object.values(model.vocab).reduce((max, each) => Math.max(max, each), -1),
  );
  if (highest >= vocabularySize)
    throw damaged(
      `the tokenizer's ids go up to ${highest}`,
      where,
      `below the encoder's vocab_size of ${vocabularySize}`,
    );
  if (!Object.hasOwn(model.vocab, model.unk_token))
    throw damaged(`the tokenizer's vocabulary lacks its own ${model.unk_token}`, where);
  const tokenizer: LibraryTokenizer = new Tokenizer(json, {});
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    single: frameOf(tokenizer, false, where),
    pair: frameOf(tokenizer, true, where),
    json,
  };
}

function parse(json: object, where: string): z.infer<typeof schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new MmelError("MODEL_UNSUPPORTED", {
    what: `the tokenizer is not of the BERT kind (${issuesOf(parsed.error)})`,
    where,
    expected: "WordPiece with BertNormalizer and BertPreTokenizer",
  });
}

/** What is used of the library, whose own types do not resolve under Node's module rules. */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  token_to_id(token: string): number | undefined;
  post_processor(first: string[], second: string[] | null, special: boolean): { tokens: string[] };
}

/** Lets the tokenizer's own post-processor put its special tokens around placeholders. */
function frameOf(tokenizer: LibraryTokenizer, pair: boolean, where: string): Frame {
  const [first, second] = ["first\0", "second\0"];
  const { tokens } = tokenizer.post_processor([first], pair ? [second] : null, true);
  const ids = (start: number, end: number): number[] =>
    tokens.slice(start, end).map((token) => {
      const known = tokenizer.token_to_id(token);
      if (known === undefined) throw damaged(`the tokenizer does not know its own ${token}`, where);
      return known;
    });
  const [firstAt, lastAt] = [tokens.indexOf(first), tokens.indexOf(pair ? second : first)];
  return {
    before: ids(0, firstAt),
    between: ids(firstAt + 1, lastAt),
    after: ids(lastAt + 1, tokens.length),
  };
}
