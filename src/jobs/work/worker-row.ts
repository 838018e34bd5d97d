import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Sql } from "../database.js";

/** A worker as the others know it. */
export interface WorkerIdentity {
  readonly id: string;
  /** Host and process, for people. */
  readonly name: string;
  /** Model, knowledge base and options: what decides the links. A submission is linked with one and the same. */
  readonly settings: string;
}

export function newWorker(settings: string): WorkerIdentity {
  return { id: randomUUID(), name: `${hostname()}:${process.pid}`, settings };
}

/** How a worker is getting on. */
export interface Pulse {
  /** Captions that are through. */
  readonly captions: number;
  readonly perSecond: number;
  /** Its latest trouble. */
  readonly remark: string | undefined;
}

/** Tells the others that the worker lives; the server's clock alone counts. */
export async function beat(sql: Sql, worker: WorkerIdentity, pulse: Pulse): Promise<void> {
  const { captions, perSecond, remark } = pulse;
  await sql.query(
    `insert into mmel_jobs.worker (id, name, settings, captions, per_second, remark)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update set seen = now(), captions = excluded.captions,
       per_second = excluded.per_second, remark = excluded.remark`,
    [worker.id, worker.name, worker.settings, captions, perSecond, remark?.replaceAll("\0", "") ?? null],
  );
}

/** Tells the others that the worker has left in good order, and forgets those that left a month ago. */
export async function signOff(sql: Sql, worker: WorkerIdentity, pulse: Pulse): Promise<void> {
  await beat(sql, worker, pulse);
  await sql.query("update mmel_jobs.worker set ended = now(), per_second = 0 where id = $1", [worker.id]);
  await sql.query(
    `delete from mmel_jobs.worker w where seen < now() - interval '30 days'
       and not exists (select from mmel_jobs.piece p where p.worker = w.id and p.state = 'active')`,
  );
}
