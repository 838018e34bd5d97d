import { type CaptionInput, createRandom } from "../core/index.js";
import {
  type LinkerOptions,
  openParts,
  type PartsOptions,
  rankAll,
  readAnnotated,
  toLinks,
} from "../linker/index.js";
import {
  annotated,
  type CaptionPictures,
  sampleCaptions,
  withoutEntityPictures,
  withPictures,
} from "./captions.js";
import { type Metrics, type MetricsOptions, metrics } from "./metrics.js";
import { type Protocol, retrieverOf } from "./protocols.js";
import { type MentionRecord, recordsOf } from "./records.js";

export interface EvaluateOptions
  extends PartsOptions,
    Pick<LinkerOptions, "candidates" | "collaborative" | "ranking" | "strictTypes" | "topK">,
    MetricsOptions {
  /** Which candidates the gold entity is ranked against; default "retrieval". */
  readonly protocol?: Protocol;
  /** Number of captions to sample, using `seed`; default: all captions. */
  readonly sample?: number;
  /**
   * Which pictures the captions get; default "own". The other values measure the effect of missing or wrong pictures.
   */
  readonly pictures?: CaptionPictures;
  /** Whether entities keep their pictures ("own", the default) or are evaluated without pictures ("none"). */
  readonly entityPictures?: "own" | "none";
  readonly signal?: AbortSignal;
  /** Called after each caption with the number of captions done. */
  readonly onProgress?: (captions: number) => void;
  /** Returns the current time in milliseconds; default: `performance.now()`. */
  readonly now?: () => number;
}

/** The output of `mmel evaluate --json`. */
export interface EvaluationResult extends Metrics {
  readonly protocol: Protocol;
  readonly model: string;
  readonly kb: string;
  readonly kbEntities: number;
  readonly captions: number;
  /** Number of mentions in the evaluated captions. Those without a gold annotation count only towards the speed. */
  readonly mentions: number;
  readonly unannotated: number;
  /** Time for retrieving candidates, scoring and ranking; without `sample`, also for reading captions. In seconds. */
  readonly seconds: number;
  readonly mentionsPerSecond: number;
}

export interface Evaluation {
  readonly result: EvaluationResult;
  /** One record per annotated mention, in the order of the captions. */
  readonly records: readonly MentionRecord[];
}

/**
 * Links the annotated captions and compares the links with the gold annotations. Captions without gold annotations are
 * skipped. Throws `CAPTION_INVALID`, `ENCODING` or `OFFSETS` if a caption is invalid, `CONFIG` and the other errors of
 * opening that `createLinker` describes, `ABORTED` if the signal fires, and `NOT_A_NUMBER` if a score is NaN.
 */
export async function evaluate(
  captions: Iterable<CaptionInput> | AsyncIterable<CaptionInput>,
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
  const chosen = annotated(readAnnotated(captions));
  const drawn = sample === undefined ? chosen : await sampleCaptions(chosen, sample, createRandom(seed));
  const source = withPictures(drawn, pictures, seed);
  const found = retrieverOf(protocol, parts, options.candidates ?? 100, options.strictTypes);
  const retrieve: typeof found =
    options.entityPictures === "none"
      ? async (batch) => (await found(batch)).map(withoutEntityPictures)
      : found;
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

function rankingOf({ ranking, collaborative = true, protocol, signal }: EvaluateOptions) {
  const batch = protocol === "full" ? { batchMentions: 1 } : {}; // every entity is a candidate
  return { ...ranking, collaborative, ...batch, ...(signal && { signal }) };
}
