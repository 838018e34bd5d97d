import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";
import type { Candidate, Entity } from "../core/index.js";
import { openWorkerChannel, type WorkerChannel, workerUrl } from "../core/worker-channel.js";
import { createDetector, type Detection, type Detector, type NameSource } from "./detect.js";
import type { KnownName } from "./known-names.js";
import { COMPARED } from "./similar.js";

/** Starts the detection in a text, or continues it with the candidates of the names that the worker asked for. */
export type Request =
  | {
      readonly kind: "detect";
      readonly text: string;
      readonly language?: string | undefined;
      readonly names: readonly KnownName[];
    }
  | { readonly kind: "found"; readonly candidates: ReadonlyMap<string, readonly Candidate[]> };

/** The detection, or the names whose candidates it needs to continue. */
export type Answer =
  | { readonly kind: "done"; readonly detection: Detection }
  | { readonly kind: "lookUp"; readonly names: readonly string[] };

const WORKER = workerUrl(import.meta.url, "worker.js");
/** Time limit for one text in seconds. The first text also waits for the dictionary to load. */
const SECONDS = 20;

/**
 * Creates a detector that runs in a worker thread, so that this thread can do other work. The worker starts with the first
 * text. Throws `TIMEOUT` for a text that takes longer than 20 seconds. If a bundler has left out the program of
 * the worker, the detector runs in this thread.
 */
export function createThreadedDetector(source: NameSource): Detector & AsyncDisposable {
  if (!existsSync(fileURLToPath(WORKER)))
    return Object.assign(createDetector(source), { [Symbol.asyncDispose]: async () => {} });
  let channel: WorkerChannel<Request, Answer> | undefined;
  const oneAtATime = pLimit(1);
  const detect: Detector = async (text, language) => {
    const names = (await source.namesIn(text)).map(forWorker);
    channel ??= openWorkerChannel<Request, Answer>(WORKER, {
      name: "detection of names",
      code: "INTERNAL",
      seconds: SECONDS,
    });
    let answer = await channel.ask({ kind: "detect", text, language, names });
    while (answer.kind === "lookUp") {
      const candidates = new Map<string, readonly Candidate[]>();
      for (const name of answer.names)
        candidates.set(name, (await source.similar(name)).slice(0, COMPARED.candidates).map(withoutRest));
      answer = await channel.ask({ kind: "found", candidates });
    }
    return answer.detection;
  };
  return Object.assign((text: string, language?: string) => oneAtATime(() => detect(text, language)), {
    [Symbol.asyncDispose]: async () => channel?.close(),
  });
}

const forWorker = ({ holders, ...name }: KnownName): KnownName => ({
  ...name,
  holders: holders.map((holder) => ({ name: holder.name, entity: trimmed(holder.entity, 0) })),
});

const withoutRest = ({ entity, ...candidate }: Candidate): Candidate => ({
  ...candidate,
  entity: trimmed(entity, COMPARED.aliases),
});

/** Returns the part of an entity that detection reads. The rest would be copied for nothing, or might not be copyable. */
const trimmed = ({ id, label, aliases, description, properties }: Entity, most: number): Entity => ({
  id,
  label,
  aliases: aliases.slice(0, most),
  ...(description !== undefined && { description }),
  properties,
  images: [],
});
