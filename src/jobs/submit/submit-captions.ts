import { type Caption, MmelError } from "../../core/index.js";
import { type Read, type Rejected, rejectLine } from "../../formats/index.js";
import { type Patience, withRetries } from "../../postgres/index.js";
import { createQueue, deleteQueue, exclusively, type JobQueue } from "../queue/index.js";
import { inChunks, type Placed } from "./chunks.js";
import {
  discardSubmission,
  fingerprint,
  type Identity,
  type SubmissionState,
  sealSubmission,
  storeChunk,
  storeSubmission,
} from "./submission.js";

export interface SubmitOptions extends Identity {
  readonly file: string;
  /** Captions per job (default 1,000). A submission that already exists keeps its own chunk size. */
  readonly chunkSize?: number;
  readonly signal?: AbortSignal;
  readonly patience: Patience;
  /**
   * Called with each rejected line. If the callback throws an `MmelError` about the input, the submission is deleted,
   * unless all its captions had already been stored by an earlier call.
   */
  readonly onRejected: (rejected: Rejected) => Promise<void>;
  readonly onProgress?: (captions: number) => void;
}

export interface Submitted {
  readonly submission: string;
  readonly captions: number;
  readonly rejected: number;
  /**
   * State of the submission before the call: `loading` if an earlier call was interrupted, undefined if the submission
   * is new.
   */
  readonly before: SubmissionState | undefined;
  /** Whether the submission is cancelled, so that no worker links its remaining captions. */
  readonly cancelled: boolean;
}

/**
 * Submits the captions of a file, so that workers can link them. `read` yields the captions. Submitting the same file
 * again continues the same submission and adds only what is missing. Workers can link a submission once it is complete.
 * Throws `FORMAT` if the file is empty or changes while it is being read, `QUEUE_DENIED` if the submission is deleted
 * in the meantime, and the errors of `fingerprint`, `Database`, `read` and `onRejected`.
 */
export async function submitCaptions(
  queue: JobQueue,
  read: () => AsyncIterable<Read<Caption>>,
  options: SubmitOptions,
): Promise<Submitted> {
  const { file, chunkSize = 1000, signal, patience } = options;
  const { database } = queue;
  const id = await fingerprint(file, options, signal);
  const submission = { ...options, id, name: file, chunkSize };
  await withRetries(() => exclusively(database, () => createQueue(queue.boss, id)), patience);
  const found = await withRetries(() => storeSubmission(database, submission), patience);
  const loading = found.state === "loading";
  const rejected = rejections(queue, id, options);
  let captions = 0;
  try {
    for await (const chunk of inChunks(accepted(read(), rejected.add), found.chunkSize)) {
      if (loading) await withRetries(() => storeChunk(queue, id, chunk), patience);
      captions += chunk.captions.length;
      options.onProgress?.(captions);
    }
    await rejected.flush();
    if (captions + rejected.count() === 0) throw empty(file);
    if ((await fingerprint(file, options, signal)) !== id) throw changed(file);
  } catch (error) {
    if (isInputError(error, database.shown)) await discard(queue, id);
    throw error;
  }
  const state = await withRetries(() => sealSubmission(queue, id), patience);
  if (state === undefined) throw removed(id);
  return {
    submission: id,
    captions,
    rejected: rejected.count(),
    before: found.existing ? found.state : undefined,
    cancelled: state === "cancelled",
  };
}

async function* accepted(
  reads: AsyncIterable<Read<Caption>>,
  onRejected: (rejected: Rejected) => Promise<void>,
): AsyncGenerator<Placed> {
  for await (const read of reads) {
    if (read.kind === "record") yield { line: read.line, caption: read.value };
    else await onRejected(read);
  }
}

const BATCH = 500;

/** Returns functions that store rejected lines with the submission, in batches. */
function rejections({ database }: JobQueue, id: string, { onRejected, patience }: SubmitOptions) {
  let waiting: Rejected[] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    const insert = () =>
      database.query(
        `insert into mmel_jobs.unread (submission, line, record)
         select $1, line, record from unnest($2::int[], $3::text[]) as new (line, record) on conflict do nothing`,
        [id, batch.map(({ line }) => line), batch.map((line) => rejectLine(line).trimEnd())],
      );
    await withRetries(insert, patience);
  };
  return {
    count: () => count,
    flush,
    add: async (rejected: Rejected) => {
      await onRejected(rejected);
      count += 1;
      waiting.push(rejected);
      if (waiting.length >= BATCH) await flush();
    },
  };
}

/**
 * Returns whether an error was caused by the input. If it was caused by the server or an abort, the submission is kept,
 * and submitting the file again continues the submission.
 */
function isInputError(error: unknown, server: string): boolean {
  if (!(error instanceof MmelError) || error.detail.where === server) return false;
  return !["ABORTED", "QUEUE_UNAVAILABLE", "QUEUE_DENIED"].includes(error.code);
}

async function discard({ database, boss }: JobQueue, id: string): Promise<void> {
  if (await discardSubmission(database, id)) await exclusively(database, () => deleteQueue(boss, id));
}

const empty = (where: string): MmelError =>
  new MmelError("FORMAT", { what: "the input is empty", where, expected: "at least one record" });

const removed = (where: string): MmelError =>
  new MmelError("QUEUE_DENIED", {
    what: "the submission was removed in the meantime",
    where,
    hint: "Submit the file again.",
  });

const changed = (where: string): MmelError =>
  new MmelError("FORMAT", {
    what: "the file changed while it was being read",
    where,
    hint: "Submit the file again when no other program is writing to it.",
  });
