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
import { sumOf } from "./sums.js";

/** Maximum number of entities in a batch. */
const BATCH = 1000;
/** A batch is sent when its entity rows contain more than this number of characters. */
const BATCH_CHARACTERS = 4 << 20;

/**
 * Maximum length of a word in the index, in UTF-16 code units; longer words are cut, because PostgreSQL limits the
 * size of an index entry.
 */
const MAX_WORD = 256;

/** Number of UTF-16 code units at the start of a name that are searchable. */
const MAX_NAME = 1024;

export interface Staged {
  readonly entities: number;
  readonly names: number;
}

/** Rows of the staging tables, in COPY's text format. */
interface Batch {
  first: number;
  size: number;
  entity: string;
  token: string;
}

/**
 * Sends all entities to the staging tables of a version in batches. Sends a batch again if it may have been lost with
 * the connection. If several entities have the same id, keeps the first of them. Ids are compared by 64 bits of their
 * hash, which takes 16 to 32 bytes of memory per entity.
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
    batch.entity += `${seq}\t${copyBytes(key)}\t${entity.popularity ?? "\\N"}\t${copyText(line)}\t${sumOf(line)}\n`;
    for (const [token, share] of strongest([...wordsOf(entity), ...symbolsOf(entity)]))
      batch.token += `${seq}\t${share}\t${copyText(token)}\n`;
    if (batch.size >= BATCH || batch.entity.length > BATCH_CHARACTERS) await flush();
  }
  await flush();
  return counts;
}

function emptyBatch(first: number): Batch {
  return { first, size: 0, entity: "", token: "" };
}

/** Stores a batch completely or not at all. `again` means that an earlier attempt may have stored the batch. */
async function sendBatch(client: Client, place: ImportPlace, batch: Batch, again: boolean): Promise<void> {
  await client.query("begin");
  if (again)
    for (const name of ["unstageEntities", "unstageTokens"] as const)
      await client.query(importText(name, place), [batch.first]);
  await copyInto(client, importText("stageEntities", place), batch.entity);
  await copyInto(client, importText("stageTokens", place), batch.token);
  await client.query("commit");
}

/** A word in a name, and its share of the name in thousandths: 500 if the name consists of two words. */
type TokenShare = readonly [token: string, share: number];

/** Cuts the tokens to `MAX_WORD` code units, and returns each distinct token with its greatest share. */
function strongest(tokens: Iterable<TokenShare>): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (const [long, share] of tokens) {
    const token = long.slice(0, MAX_WORD);
    best.set(token, Math.max(share, best.get(token) ?? 0));
  }
  return best;
}

/** Yields the words of the folded names, at most 24 per name. All words of a name have equal shares. */
function* wordsOf(entity: Entity): Generator<TokenShare> {
  for (const name of namesOf(entity)) {
    const words = nameKey(name.slice(0, MAX_NAME)).split(" ").slice(0, 24);
    for (const word of words) yield [storable(word), Math.ceil(1000 / words.length)];
  }
}

/** For each name without letters or digits, yields the whole name (its first 100 code units) as a single word. */
function* symbolsOf(entity: Entity): Generator<TokenShare> {
  for (const name of namesOf(entity)) {
    const key = nameKey(name);
    if (key !== "" && !/[\p{L}\p{N}]/u.test(key)) yield [storable(key.slice(0, 100)), 1000];
  }
}

/**
 * Converts a name to a text that PostgreSQL can store: shortens it to at most `MAX_NAME` code units, and replaces NUL
 * and lone surrogates with U+FFFD.
 */
export function storable(name: string): string {
  return name.slice(0, MAX_NAME).replace(/[\0\p{Cs}]/gu, "\ufffd");
}

/**
 * Creates a set of ids, stored as hashes in a typed array with open addressing. `add` returns false if the id is
 * already in the set.
 */
function createSeen(): { add(key: Buffer): boolean } {
  let slots = new BigUint64Array(1 << 12);
  let size = 0;
  const put = (into: BigUint64Array, hash: bigint): boolean => {
    const mask = into.length - 1;
    for (let index = Number(hash & BigInt(mask)); ; index = (index + 1) & mask) {
      if (into[index] === hash) return false;
      if (into[index] === 0n) {
        into[index] = hash;
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
