import { type Caption, createRandom, type Mention, MmelError, type Span } from "../../core/index.js";
import { sampleCaptions } from "../../evaluation/index.js";
import { type Rejected, readCaptions } from "../../formats/index.js";
import type { TrainingConfig } from "./config.js";

export interface ReadingOptions {
  readonly signal?: AbortSignal;
  /** Called for each line that is not a valid caption; reading continues. */
  readonly onRejected?: (rejected: Rejected) => void;
  /** Called with the number of training captions prepared so far. */
  readonly onRead?: (captions: number) => void;
  /** Called once for each unreadable image; training continues without it. */
  readonly onBadPicture?: (error: MmelError) => void;
}

/** Reads the training captions and applies the settings `sample`, `imageDropout` and `shortNames`. */
export async function readTrainingCaptions(
  { train, sample, seed, shortNames, imageDropout }: TrainingConfig,
  options: ReadingOptions,
): Promise<Iterable<Caption> | AsyncIterable<Caption>> {
  const random = createRandom(`${seed}/images`);
  const captions = dropImages(captionsOf(train, options), () => random.next() < imageDropout);
  const sampled =
    sample === undefined
      ? captions
      : await sampleCaptions(captions, sample, createRandom(`${seed}/captions`));
  return shortNames ? addShortNames(sampled) : sampled;
}

/**
 * Returns the sample of dev captions that is used in every evaluation. Throws `CONFIG` if no dev caption has a gold
 * entity.
 */
export async function readDev(config: TrainingConfig, options: ReadingOptions): Promise<readonly Caption[]> {
  const { dev, evaluation, seed } = config;
  const sampled = await sampleCaptions(
    withGoldEntity(captionsOf([dev], options)),
    evaluation.sample,
    createRandom(`${seed}/dev`),
  );
  if (sampled.length > 0) return sampled;
  throw new MmelError("CONFIG", {
    what: "no dev caption has a mention with a gold entity, so no checkpoint can be selected",
    where: dev,
    hint: "Use dev captions that have gold entities and are not in the training data.",
  });
}

async function* captionsOf(
  files: readonly string[],
  { signal, onRejected }: ReadingOptions,
): AsyncGenerator<Caption> {
  for (const file of files)
    for await (const read of readCaptions(file, signal === undefined ? {} : { signal })) {
      if (read.kind === "record") yield read.value;
      else onRejected?.(read);
    }
}

async function* withGoldEntity(captions: AsyncIterable<Caption>): AsyncGenerator<Caption> {
  for await (const caption of captions)
    if (caption.mentions.some(({ gold }) => gold?.kind === "entity")) yield caption;
}

async function* dropImages(captions: AsyncIterable<Caption>, drop: () => boolean): AsyncGenerator<Caption> {
  for await (const caption of captions) {
    const { image, ...rest } = caption;
    yield image !== undefined && drop() ? rest : caption;
  }
}

/** Yields each caption. If any of its names can be shortened, also yields a copy with short names. */
async function* addShortNames(captions: Iterable<Caption> | AsyncIterable<Caption>): AsyncGenerator<Caption> {
  for await (const caption of captions) {
    yield caption;
    const short = withShortNames(caption);
    if (short !== undefined) yield short;
  }
}

/**
 * Returns a copy of a caption in which each name is shortened to its last word where possible, so that the model must
 * rely on the remaining text. Many real captions contain only last names. Returns undefined if mentions overlap or if
 * no name can be shortened.
 */
export function withShortNames(caption: Caption): Caption | undefined {
  const placed = caption.mentions.filter(hasSpan).sort((a, b) => a.span.start - b.span.start);
  const short = new Map<Mention, Mention>();
  let text = "";
  let end = 0;
  for (const mention of placed) {
    if (mention.span.start < end) return undefined;
    text += caption.text.slice(end, mention.span.start);
    const name = shortName(mention.text);
    const span = { start: text.length, end: text.length + name.length };
    short.set(mention, { ...mention, text: name, span });
    text += name;
    end = mention.span.end;
  }
  text += caption.text.slice(end);
  if (text.length === caption.text.length) return undefined;
  return { ...caption, text, mentions: caption.mentions.map((mention) => short.get(mention) ?? mention) };
}

const hasSpan = (mention: Mention): mention is Mention & { readonly span: Span } =>
  mention.span !== undefined;

const LAST_WORD = /(?<=\s)\p{L}[\p{L}\p{M}\p{N}'’-]+$/u;
/** Name suffixes, which are not names on their own. */
const SUFFIX = /^(?:jr|sr|[ivx]+)$/iu;

function shortName(name: string): string {
  const [word] = LAST_WORD.exec(name) ?? [];
  return word === undefined || SUFFIX.test(word) ? name : word;
}
