import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Client } from "pg";
import { type Entity, throwIfAborted } from "../../core/index.js";
import { encodeEntity, keyOf, namesOf } from "../content.js";
import { nameKey } from "../names.js";
import type { ImportOptions } from "../store.js";
import { copyBytes, copyInto, copyText } from "./copy.js";
import type { Session } from "./session.js";
import { type ImportPlace, importText } from "./statements.js";

/** Entities, and characters of their lines, that are sent together. */
const BATCH = 1000;
const BATCH_CHARACTERS = 4 << 20;

/** Characters of a word that PostgreSQL's indexes take. */
const MAX_WORD = 256;

/** A name is kept up to here for finding it. */
const MAX_NAME = 1024;

export interface Staged {
  readonly entities: number;
  readonly names: number;
}

/** Rows of the staging tables, in COPY's text form. */
interface Batch {
  first: number;
  size: number;
  entity: string;
  token: string;
}

/**
 * Sends all entities to the staging tables of a version, a batch at a time; a batch that may have been lost with the
 * connection is sent again. Of entities with the same id the first stays: ids are told apart by 64 bits of their hash, some 20
 * bytes of memory each.
 */
export async function stageEntities(
  session: Session,
  schema: string,
  version: string,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  { signal, onProgress, onDuplicate }: ImportOptions,
): Promise<Staged> {
  const seen = createSeen();
  const counts = { entities: 0, names: 0 };
  let batch = emptyBatch(0);
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = emptyBatch(counts.entities);
    let attempt = 0;
    if (full.size > 0)
      await session.run((client) => sendBatch(client, { schema, version }, full, attempt++ > 0));
    await setImmediate();
    throwIfAborted(signal);
    onProgress?.(counts.entities);
  };
  for await (const entity of entities) {
    throwIfAborted(signal);
    const line = encodeEntity(entity);
    const key = keyOf(entity.id);
    if (!seen.add(key)) {
      onDuplicate?.(entity.id);
      continue;
    }
    const seq = counts.entities++;
    counts.names += namesOf(entity).length;
    batch.size++;
    batch.entity += `${seq}\t${copyBytes(key)}\t${entity.popularity ?? "\\N"}\t${copyText(line)}\n`;
    for (const [token, share] of strongest([...wordsOf(entity), ...unnamed(entity)]))
      batch.token += `${seq}\t${share}\t${copyText(token)}\n`;
    if (batch.size >= BATCH || batch.entity.length > BATCH_CHARACTERS) await flush();
  }
  await flush();
  return counts;
}

function emptyBatch(first: number): Batch {
  return { first, size: 0, entity: "", token: "" };
}

/** All of a batch or nothing of it. `again`: a lost connection may have left it there. */
async function sendBatch(client: Client, place: ImportPlace, batch: Batch, again: boolean): Promise<void> {
  await client.query("begin");
  if (again)
    for (const name of ["unstageEntities", "unstageTokens"] as const)
      await client.query(importText(name, place), [batch.first]);
  await copyInto(client, importText("stageEntities", place), batch.entity);
  await copyInto(client, importText("stageTokens", place), batch.token);
  await client.query("commit");
}

/** What an entity can be found by: a word, and which part of a name it is, in thousandths. */
type TokenShare = readonly [token: string, share: number];

/** Each token once, with its greatest share. */
function strongest(tokens: Iterable<TokenShare>): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (const [long, share] of tokens) {
    const token = long.slice(0, MAX_WORD);
    best.set(token, Math.max(share, best.get(token) ?? 0));
  }
  return best;
}

/** The words of the folded names, each as large a part of its name as the others. */
function* wordsOf(entity: Entity): Generator<TokenShare> {
  for (const name of namesOf(entity)) {
    const words = nameKey(name.slice(0, MAX_NAME)).split(" ").slice(0, 24);
    for (const word of words) yield [storable(word), Math.ceil(1000 / words.length)];
  }
}

/** Names without a letter stand for themselves. */
function* unnamed(entity: Entity): Generator<TokenShare> {
  for (const name of namesOf(entity)) {
    const key = nameKey(name);
    if (key !== "" && !/[\p{L}\p{N}]/u.test(key)) yield [storable(key.slice(0, 100)), 1000];
  }
}

/** A name as PostgreSQL can hold it, for finding: without NUL and lone surrogates, and not too long. */
export function storable(name: string): string {
  return name.slice(0, MAX_NAME).replace(/[\0\p{Cs}]/gu, "\ufffd");
}

/** A set of ids, by hash, in typed arrays. */
function createSeen(): { add(key: Buffer): boolean } {
  let slots = new BigUint64Array(1 << 12);
  let size = 0;
  const put = (into: BigUint64Array, hash: bigint): boolean => {
    const mask = into.length - 1;
    for (let at = Number(hash & BigInt(mask)); ; at = (at + 1) & mask) {
      if (into[at] === hash) return false;
      if (into[at] === 0n) {
        into[at] = hash;
        return true;
      }
    }
  };
  return {
    add(key) {
      const hash = createHash("sha1").update(key).digest().readBigUInt64LE() || 1n;
      if (!put(slots, hash)) return false;
      if (++size * 2 > slots.length) {
        const larger = new BigUint64Array(slots.length * 2);
        for (const old of slots) if (old !== 0n) put(larger, old);
        slots = larger;
      }
      return true;
    },
  };
}
