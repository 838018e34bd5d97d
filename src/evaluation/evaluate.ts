import { type Caption, createRandom } from "../core/index.js";
import { type LinkerOptions, openParts, type PartsOptions, rankAll, toLinks } from "../linker/index.js";
import { type Metrics, type MetricsOptions, metrics } from "./metrics.js";
import { type CaptionPictures, withoutEntityPictures, withPictures } from "./pictures.js";
import { type Protocol, retrieverOf } from "./protocols.js";
import { type MentionRecord, recordsOf } from "./records.js";
import { sampleCaptions } from "./sample.js";

export interface EvaluateOptions
  extends PartsOptions,
    Pick<LinkerOptions, "candidates" | "collaborative" | "ranking" | "topK">,
    MetricsOptions {
  /** Which candidates are ranked ("retrieval"). */
  readonly protocol?: Protocol;
  /** Evaluate this many of the captions, drawn with `seed`; default: all. */
  readonly sample?: number;
  /** What becomes of a model when pictures are missing or wrong: which pictures captions have ("own"). */
  readonly pictures?: CaptionPictures;
  /** Whether entities have their pictures ("own"). */
  readonly entityPictures?: "own" | "none";
  readonly signal?: AbortSignal;
  /** Called after each caption with the number of captions done. */
  readonly onProgress?: (captions: number) => void;
  /** Milliseconds from anywhere. */
  readonly now?: () => number;
}

/** What `mmel evaluate --json` prints. */
export interface EvaluationResult extends Metrics {
  readonly protocol: Protocol;
  readonly model: string;
  readonly kb: string;
  readonly kbEntities: number;
  readonly captions: number;
  /** All mentions that were linked; those that nobody annotated are in no figure but the speed. */
  readonly mentions: number;
  readonly unannotated: number;
  /** Time of finding candidates, scoring and ranking. */
  readonly seconds: number;
  readonly mentionsPerSecond: number;
}

export interface Evaluation {
  readonly result: EvaluationResult;
  /** One for each annotated mention, in order. */
  readonly records: readonly MentionRecord[];
}

/**
 * Links the captions that are annotated and compares with gold (section 8 of the specification).
 * Errors as `createLinker` and `linkAll`; `NOT_A_NUMBER`.
 */
export async function evaluate(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const {
    protocol = "retrieval",
    sample,
    pictures = "own",
    seed = 0,
    now = () => performance.now(),
  } = options;
  await using parts = await openParts(options);
  const chosen = annotated(captions);
  const drawn = sample === undefined ? chosen : await sampleCaptions(chosen, sample, createRandom(seed));
  const source = withPictures(drawn, pictures, seed);
  const found = retrieverOf(protocol, parts, options.candidates ?? 100);
  const retrieve: typeof found =
    options.entityPictures === "none" ? async (of) => (await found(of)).map(withoutEntityPictures) : found;
  const records: MentionRecord[] = [];
  const counts = { captions: 0, mentions: 0 };
  const started = now();
  for await (const ranked of rankAll(source, retrieve, parts.model, {
    ...rankingOf(options),
    pictures: parts.pictures,
  })) {
    const { topK = 5 } = options;
    const { mentions } = toLinks(ranked, { topK, explain: true, ...parts.names });
    records.push(...recordsOf(ranked, mentions));
    counts.captions += 1;
    counts.mentions += mentions.length;
    options.onProgress?.(counts.captions);
  }
  const seconds = (now() - started) / 1000;
  const result = {
    protocol,
    ...parts.names,
    ...counts,
    unannotated: counts.mentions - records.length,
    seconds,
    mentionsPerSecond: seconds > 0 ? counts.mentions / seconds : 0,
    kbEntities: parts.store.manifest.entities,
    ...metrics(records, options),
  };
  return { result, records };
}

async function* annotated(captions: Iterable<Caption> | AsyncIterable<Caption>): AsyncGenerator<Caption> {
  for await (const caption of captions)
    if (caption.mentions.some(({ gold }) => gold !== undefined)) yield caption;
}

function rankingOf({ ranking, collaborative = true, protocol, signal }: EvaluateOptions) {
  const batch = protocol === "full" ? { batchMentions: 1 } : {}; // a mention's candidates are the whole knowledge base
  return { ...ranking, collaborative, ...batch, ...(signal && { signal }) };
}
