import type { CandidateSource } from "../candidates/index.js";
import { type Caption, type CaptionInput, throwIfAborted } from "../core/index.js";
import { createThreadedDetector, type Detector } from "../mentions/index.js";
import { readAnnotated } from "./input.js";
import { openKnowledge, type PartsOptions } from "./parts.js";

export interface DetectOptions extends Pick<PartsOptions, "kb" | "signal"> {
  /** Maximum number of names to detect in a caption, from its start; default 1,000. */
  readonly maxDetected?: number;
}

/**
 * Detects the names in captions that have no mentions, and yields the captions with their mentions, in order. Captions
 * that have mentions are yielded unchanged. Finds the names of the knowledge base in any language, and other names of
 * people in English.
 *
 * Throws `CAPTION_INVALID`, `ENCODING` or `OFFSETS` if a caption is invalid, `TIMEOUT` if a caption takes more than 20
 * seconds, `ABORTED` if the signal fires, and the errors of opening the knowledge base that `createLinker` describes.
 */
export async function* detect(
  captions: Iterable<CaptionInput> | AsyncIterable<CaptionInput>,
  { kb, signal, maxDetected }: DetectOptions,
): AsyncGenerator<Caption> {
  await using knowledge = await openKnowledge(kb, signal);
  await using detector = createNameDetector(knowledge.source, 100, maxDetected);
  for await (const caption of readAnnotated(captions)) {
    throwIfAborted(signal);
    if (caption.mentions.length > 0) yield caption;
    else yield { ...caption, mentions: (await detector(caption.text, caption.language)).mentions };
  }
}

/** Creates a detector of names for a knowledge base. `candidates` is the number of similar names to compare with each name. */
export function createNameDetector(
  source: CandidateSource,
  candidates: number,
  maxDetected: number | undefined,
): Detector & AsyncDisposable {
  const detector = createThreadedDetector({
    namesIn: (text) => source.namesIn(text),
    similar: async (name) => (await source.candidates([name], candidates))[0]!,
  });
  const detectFirst: Detector = async (text, language) => {
    const detection = await detector(text, language);
    return { ...detection, mentions: detection.mentions.slice(0, maxDetected) };
  };
  return Object.assign(detectFirst, { [Symbol.asyncDispose]: () => detector[Symbol.asyncDispose]() });
}
