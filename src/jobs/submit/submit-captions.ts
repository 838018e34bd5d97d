import { type Caption, MmelError } from "../../core/index.js";
import { type Read, type Rejected, rejectLine } from "../../formats/index.js";
import { type Patience, withRetries } from "../../postgres/index.js";
import { createQueue, deleteQueue, type JobQueue, oneAtATime } from "../queue/index.js";
import { inChunks, type Placed } from "./chunks.js";
import { fingerprint, type Identity } from "./fingerprint.js";
import { storeChunk } from "./store-chunk.js";
import { discardSubmission, noteSubmission, type SubmissionState, sealSubmission } from "./submission-row.js";

export interface SubmitOptions extends Identity {
  readonly file: string;
  /** Captions a job (1,000). A submission that is there keeps its own. */
  readonly chunkSize?: number;
  readonly signal?: AbortSignal;
  readonly patience: Patience;
  /** Told of each line that is left out; what it throws ends the submission, and nothing of it stays. */
  readonly onRejected: (rejected: Rejected) => Promise<void>;
  readonly onProgress?: (captions: number) => void;
}

export interface Submitted {
  readonly submission: string;
  readonly captions: number;
  readonly rejected: number;
  /** What it was before: `loading` when an earlier submission was cut off, undefined when there was none. */
  readonly before: SubmissionState | undefined;
  /** Whether it is cancelled, before or meanwhile: no worker links what was not linked yet. */
  readonly cancelled: boolean;
}

/**
 * Submits a file of captions, given as `read` reads it, for workers to link. The same file again is the same submission:
 * what is there stays, what is missing is added. Workers see it when it is whole. `FORMAT` when there is nothing in the
 * file or it changes while it is read; errors of the server, and `QUEUE_DENIED` when it is removed meanwhile.
 */
export async function submitCaptions(
  queue: JobQueue,
  read: () => AsyncIterable<Read<Caption>>,
  options: SubmitOptions,
): Promise<Submitted> {
  const { file, chunkSize = 1000, signal, patience } = options;
  const { database } = queue;
  const id = await fingerprint(file, options, signal);
  const asked = { ...options, id, name: file, chunkSize };
  await withRetries(() => oneAtATime(database, () => createQueue(queue.boss, id)), patience);
  const found = await withRetries(() => noteSubmission(database, asked), patience);
  const loading = found.state === "loading";
  const rejected = rejections(queue, id, options);
  let captions = 0;
  try {
    for await (const chunk of inChunks(accepted(read(), rejected.note), found.chunkSize)) {
      if (loading) await withRetries(() => storeChunk(queue, id, chunk), patience);
      captions += chunk.captions.length;
      options.onProgress?.(captions);
    }
    await rejected.flush();
    if (captions + rejected.count() === 0) throw empty(file);
    if ((await fingerprint(file, options, signal)) !== id) throw changed(file);
  } catch (error) {
    if (isOurs(error)) await takeBack(queue, id);
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
  note: (rejected: Rejected) => Promise<void>,
): AsyncGenerator<Placed> {
  for await (const read of reads) {
    if (read.kind === "record") yield { line: read.line, caption: read.value };
    else await note(read);
  }
}

const AT_ONCE = 500;

/** Keeps rejected lines with the submission, many at once. */
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
        [id, batch.map(({ line }) => line), batch.map((one) => rejectLine(one).trimEnd())],
      );
    await withRetries(insert, patience);
  };
  return {
    count: () => count,
    flush,
    note: async (rejected: Rejected) => {
      await onRejected(rejected);
      count += 1;
      waiting.push(rejected);
      if (waiting.length >= AT_ONCE) await flush();
    },
  };
}

/** Whether the input ended the submission, rather than the user or the server, after which it goes on. */
function isOurs(error: unknown): boolean {
  if (!(error instanceof MmelError)) return false;
  return !["ABORTED", "QUEUE_UNAVAILABLE", "QUEUE_DENIED"].includes(error.code);
}

async function takeBack({ database, boss }: JobQueue, id: string): Promise<void> {
  if (await discardSubmission(database, id)) await oneAtATime(database, () => deleteQueue(boss, id));
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
    what: "the file changed while it was read",
    where,
    hint: "submitting it when it is written",
  });
