import { type Entity, type MmelError, throwIfAborted } from "../../core/index.js";
import { decodeEntity, idOf, keyOf } from "../content.js";
import type { Reader } from "./reader.js";
import { damagedOnServer, sumOf } from "./sums.js";

/** A row of the table `entity`. `sum` is null in a version that an older version of mmel imported. */
interface LineRow {
  readonly number: number;
  readonly line: string;
  readonly sum: number | null;
}

/**
 * Reads the lines of entities by their numbers. Throws `KB_DAMAGED` if a line is missing or does not match its checksum.
 * A line with bytes that are not UTF-8 does not match either, because `pg` replaces these bytes with U+FFFD.
 */
export async function readLines(
  reader: Reader,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await reader.query<LineRow>("lines", [numbers]);
  const lines = new Map<number, string>();
  for (const { number, line, sum } of rows) {
    if (sum === null ? !isJson(line) : sumOf(line) !== sum)
      throw damagedRow(reader, number, "an entity does not match its checksum");
    lines.set(number, line);
  }
  const missing = numbers.find((number) => !lines.has(number));
  if (missing !== undefined) throw damagedRow(reader, missing, "an entity is missing");
  return lines;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** A row of the table `id`. */
export interface IdRow {
  readonly key: Buffer;
  readonly number: number;
}

/** Yields the rows of the table `id` in order, in pages. Throws `KB_DAMAGED` if they are not sorted. */
export async function* readIds(
  reader: Reader,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly IdRow[]> {
  let last = keyOf("");
  for (;;) {
    throwIfAborted(signal);
    const page = await reader.query<IdRow>("page", [last]);
    if (page.length === 0) return;
    for (const { key } of page) {
      if (last.compare(key) >= 0) throw damagedEntity(reader, idOf(key), "the index of ids is not sorted");
      last = key;
    }
    yield page;
  }
}

/** Decodes an entity. Throws `KB_DAMAGED` if it does not have the id of its key. */
export function decodeKeyed(reader: Reader, { key }: IdRow, line: string): Entity {
  const entity = decodeEntity(line);
  if (!keyOf(entity.id).equals(key))
    throw damagedEntity(reader, idOf(key), "the index of ids leads to another entity");
  return entity;
}

/** Yields all entities and their lines in order of id. */
export async function* readInOrder(
  reader: Reader,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly line: string; readonly entity: Entity }> {
  for await (const page of readIds(reader, signal)) {
    const numbers = page.map(({ number }) => number);
    const lines = await readLines(reader, numbers);
    for (const row of page) {
      throwIfAborted(signal);
      const line = lines.get(row.number)!;
      yield { line, entity: decodeKeyed(reader, row, line) };
    }
  }
}

const damagedRow = ({ target }: Reader, number: number, what: string): MmelError =>
  damagedOnServer(what, `${target.shown}, table entity, number ${number}`);

/** Returns the error for a damaged entity whose id is known. */
export const damagedEntity = ({ target }: Reader, id: string, what: string): MmelError =>
  damagedOnServer(what, `${target.shown}, entity ${JSON.stringify(id)}`);
