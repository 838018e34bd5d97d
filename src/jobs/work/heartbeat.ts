import { setTimeout as sleep } from "node:timers/promises";
import type { JobQueue } from "../queue/index.js";
import { blameFor } from "./blame.js";
import { takeOver } from "./take-over.js";
import { beat, type Pulse, type WorkerIdentity } from "./worker-row.js";

interface HeartbeatOptions {
  /** Silence after which a worker counts as dead, in milliseconds. */
  readonly silentMs: number;
  readonly pulse: () => Pulse;
  /** The piece that the worker links now. */
  readonly piece: () => string | undefined;
  /** Called when that piece is not the worker's any more, or will not be. */
  readonly onLost: (piece: string) => void;
  readonly onTakenOver: (pieces: number) => void;
}

/** Until it is disposed, tells the others that the worker lives, and takes over from those that do not. */
export function startHeartbeat(
  queue: JobQueue,
  worker: WorkerIdentity,
  options: HeartbeatOptions,
): AsyncDisposable {
  const { silentMs } = options;
  const stopped = new AbortController();
  // When the server was away everybody has been silent: nobody is taken over before all had time to speak again.
  let inTouchSince = performance.now();
  let last = inTouchSince;
  const once = async (): Promise<void> => {
    await beat(queue.database, worker, options.pulse());
    const now = performance.now();
    if (now - last > silentMs / 2) inTouchSince = now;
    last = now;
    const piece = options.piece();
    if (piece !== undefined && !(await isMine(queue, piece, worker))) options.onLost(piece);
    if (now - inTouchSince < silentMs) return;
    const taken = await takeOver(queue, silentMs);
    if (taken > 0) options.onTakenOver(taken);
  };
  /** The work itself says that the server is away; one that was given up takes no outcomes any more. */
  const unreached = (error: unknown): void => {
    const piece = options.piece();
    if (blameFor(error) === "stopped" && piece !== undefined) options.onLost(piece);
  };
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await once().catch(unreached);
      await sleep(silentMs / 5, undefined, { signal: stopped.signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await running;
    },
  };
}

async function isMine({ database }: JobQueue, piece: string, worker: WorkerIdentity): Promise<boolean> {
  const { rows } = await database.query(
    "select from mmel_jobs.piece where id = $1 and worker = $2 and state <> 'cancelled'",
    [piece, worker.id],
  );
  return rows.length > 0;
}
