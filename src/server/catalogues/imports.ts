import { randomUUID } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { MmelError } from "../../core/index.js";
import { openWorkerChannel, workerUrl } from "../../core/worker-channel.js";
import type { Manifest } from "../../kb/index.js";
import type { ReceivedTable } from "./receive.js";
import { TABLE_MEMORY } from "./table-reader.js";
import { type ImportCounts, type ImportRequest, importCounts } from "./tables.js";

export type ImportState = "running" | "done" | "failed" | "cancelled";

/** An import or update of a catalogue. */
export interface Import {
  readonly id: string;
  readonly catalogue: string;
  readonly state: ImportState;
  readonly totalBytes: number;
  readonly counts: Pick<ImportCounts, "bytes" | "entities" | "rejected">;
  /** Why the import failed. */
  readonly error?: unknown;
}

/** What to import, and where. */
export interface ImportPlan {
  readonly catalogue: string;
  readonly target: string;
  readonly title?: string;
  readonly mapping?: unknown;
  readonly update: boolean;
}

/** Permission to run the next import. Disposing it without `start` lets another import run. */
export interface ImportSlot extends Disposable {
  /** Starts the import, which deletes the table at the end, and returns its id. */
  start(table: ReceivedTable, plan: ImportPlan): string;
}

/** The imports of a service, one at a time, in a thread of its own. The last 20 are remembered. */
export interface Imports extends AsyncDisposable {
  /** Throws `KB_BUSY` if an import is running or its table is being received. */
  reserve(): ImportSlot;
  /** Returns the import with this id. Throws `NOT_FOUND` if there is none. */
  get(id: string): Import;
  /** Cancels an import, unless it has ended. The catalogue stays as it was. */
  cancel(id: string): void;
  /** Returns the first error messages of rejected rows. */
  firstRejects(id: string): Promise<string[]>;
  /** Returns the rejected rows in the format of `rejectLine`. */
  rejects(id: string): Promise<NodeJS.ReadableStream>;
  /** Returns whether an import into this catalogue is running. */
  readonly isRunning: (catalogue: string) => boolean;
}

export interface ImportsOptions {
  /** Called when a new version is complete, before the import counts as done. */
  readonly onDone: (catalogue: string) => Promise<void>;
  /** Called when an import fails. */
  readonly onFailed: (one: Import) => void;
}

interface Job extends Import {
  state: ImportState;
  error?: unknown;
  readonly canceller: AbortController;
  readonly rejects: string;
  /** Deletes the files of the import. */
  readonly forget: () => Promise<void>;
  ended: Promise<void>;
}

const REMEMBERED = 20;
const REJECTS = "rejects.jsonl";
/** Number of rejected rows whose messages are returned with an import, and bytes of the file that are read for it. */
const FIRST = { rejects: 5, bytes: 1 << 16 };

export function createImports({ onDone, onFailed }: ImportsOptions): Imports {
  const jobs = new Map<string, Job>();
  let isReserved = false;
  let running: Job | undefined;

  const run = async (job: Job, table: ReceivedTable, plan: ImportPlan): Promise<void> => {
    try {
      await importInThread(
        {
          kind: "import",
          file: table.file,
          target: plan.target,
          update: plan.update,
          rejects: job.rejects,
          counts: (job.counts as ImportCounts).buffer,
          ...(plan.title !== undefined && { title: plan.title }),
          ...(plan.mapping !== undefined && { mapping: plan.mapping }),
        },
        job.canceller.signal,
      );
      await onDone(job.catalogue);
      job.state = "done";
    } catch (error) {
      job.state = job.canceller.signal.aborted ? "cancelled" : "failed";
      if (job.state === "failed") {
        job.error = withOwnHint(error);
        onFailed(job);
      }
    } finally {
      await rm(table.file, { force: true }).catch(() => {});
      running = undefined;
      isReserved = false;
    }
  };
  const remember = (job: Job): void => {
    jobs.set(job.id, job);
    const [oldest] = jobs.values();
    if (jobs.size <= REMEMBERED || oldest === undefined) return;
    jobs.delete(oldest.id);
    void oldest.forget();
  };
  const jobOf = (id: string): Job => {
    const job = jobs.get(id);
    if (job !== undefined) return job;
    throw new MmelError("NOT_FOUND", { what: "there is no such import", where: JSON.stringify(id) });
  };
  return {
    get: jobOf,
    cancel: (id) => jobOf(id).canceller.abort(),
    isRunning: (catalogue) => running?.catalogue === catalogue,
    async rejects(id) {
      const { rejects } = jobOf(id);
      return existsSync(rejects) ? createReadStream(rejects) : Readable.from([]); // it is created by the thread
    },
    async firstRejects(id) {
      const lines = (await beginningOf(jobOf(id).rejects)).split("\n").slice(0, -1);
      return lines.slice(0, FIRST.rejects).map((line) => (JSON.parse(line) as { error: string }).error);
    },
    reserve() {
      if (isReserved)
        throw new MmelError("KB_BUSY", {
          what: "another import is running",
          hint: "Wait until it has ended, or cancel it.",
        });
      isReserved = true;
      let isStarted = false;
      return {
        start(table, plan) {
          isStarted = true;
          const { bytes: totalBytes } = table;
          const job: Job = {
            ...{ id: randomUUID(), catalogue: plan.catalogue, state: "running", totalBytes },
            counts: importCounts(),
            canceller: new AbortController(),
            rejects: table.besides(REJECTS),
            forget: async () => await table[Symbol.asyncDispose](),
            ended: Promise.resolve(),
          };
          remember(job);
          running = job;
          job.ended = run(job, table, plan);
          return job.id;
        },
        [Symbol.dispose]: () => {
          if (!isStarted) isReserved = false;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      running?.canceller.abort();
      await running?.ended;
      for (const job of jobs.values()) await job.forget();
    },
  };
}

async function importInThread(request: ImportRequest, signal: AbortSignal): Promise<Manifest> {
  await using channel = openWorkerChannel<ImportRequest, Manifest>(workerUrl(import.meta.url, "worker.js"), {
    name: "import",
    code: "INTERNAL",
    resourceLimits: { maxOldGenerationSizeMb: TABLE_MEMORY },
  });
  return await channel.ask(request, { signal });
}

/** Replaces the hint of an error that names options of the command. */
function withOwnHint(error: unknown): unknown {
  if (!(error instanceof MmelError) || error.code !== "KB_REPLACE") return error;
  return new MmelError(error.code, {
    ...error.detail,
    where: undefined,
    hint: "Update the catalogue to keep the other entities, or delete it first.",
  });
}

/** Returns the beginning of a file; "" if it does not exist yet. */
async function beginningOf(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST.bytes), 0, FIRST.bytes, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
