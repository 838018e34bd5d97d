/** The outputs of a side, row by row: encoded once, kept, and stacked again for the program that scores pairs. */
import { LRUCache } from "lru-cache";
import { MmelError, throwIfAborted } from "../../core/index.js";
import type { Engine, Tensor, Tensors } from "../../tensor/engine/index.js";
import type { MmelConfig } from "../mmel/config.js";
import { type PairInput, packSide, type SideName } from "../mmel/inputs.js";

/** What one row is encoded to: tensors [1, ..] by name. */
export type Encoded = Tensors;

/** Runs the program of a side on rows in batches, and returns the outputs of each row. */
export type Encoder = (rows: readonly PairInput[], signal?: AbortSignal) => Promise<Encoded[]>;

/** Creates the encoder that runs the engine's program with this name. */
export function createEncoder(
  engine: Engine,
  program: string,
  side: SideName,
  head: MmelConfig,
  batchTokens?: number,
): Encoder {
  return async (rows, signal) => {
    const encoded = new Array<Encoded>(rows.length);
    for (const { members, inputs } of packSide(side, rows, head, batchTokens)) {
      throwIfAborted(signal);
      const outputs = await engine.run(program, inputs);
      for (const [row, member] of members.entries()) encoded[member] = rowOf(outputs, row);
    }
    return encoded;
  };
}

/** Number of encoded entities that are kept. */
const CACHED_ENTITIES = 20_000;

/** Keeps the outputs of an encoder by `PairInput.key`. */
export function remembering(encode: Encoder): Encoder {
  const kept = new LRUCache<string, Encoded>({ max: CACHED_ENTITIES });
  return async (rows, signal) => {
    const distinct = new Map(rows.map((row) => [row.key!, row]));
    const found = new Map(
      [...distinct.keys()].flatMap((key) => {
        const known = kept.get(key);
        return known === undefined ? [] : [[key, known] as const];
      }),
    );
    const missing = [...distinct.values()].filter(({ key }) => !found.has(key!));
    for (const [at, encoded] of (await encode(missing, signal)).entries()) {
      found.set(missing[at]!.key!, encoded);
      kept.set(missing[at]!.key!, encoded);
    }
    return rows.map(({ key }) => found.get(key!)!);
  };
}

/** Copies one row of each tensor: [N, ..] -> [1, ..]. */
function rowOf(outputs: Tensors, row: number): Encoded {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data, shape }]) => {
      const size = data.length / shape[0]!;
      return [name, { data: data.slice(row * size, (row + 1) * size), shape: [1, ...shape.slice(1)] }];
    }),
  );
}

/** Stacks rows [1, ..] into inputs `SIDE.NAME` [n, ..]. */
export function stacked(side: SideName, rows: readonly Encoded[]): Tensors {
  return Object.fromEntries(
    Object.entries(rows[0]!).map(([name, { data, shape }]) => {
      const all = rows.map((row) => row[name]!.data);
      const whole =
        data instanceof BigInt64Array
          ? BigInt64Array.from((all as BigInt64Array[]).flatMap((ids) => [...ids]))
          : stackedRows(all as Float32Array[], data.length).data;
      return [`${side}.${name}`, { data: whole, shape: [rows.length, ...shape.slice(1)] }];
    }),
  );
}

/** Stacks n vectors of a width into one tensor [n, width]. */
export function stackedRows(rows: readonly Float32Array[], width: number): Tensor {
  const data = new Float32Array(rows.length * width);
  for (const [at, row] of rows.entries()) data.set(row, at * width);
  return { data, shape: [rows.length, width] };
}

/** Returns the values of an output. Throws `NOT_A_NUMBER` if one of them is NaN or infinite. */
export function finite({ data }: Tensor): Float32Array {
  const values = data as Float32Array;
  if (values.every(Number.isFinite)) return values;
  throw new MmelError("NOT_A_NUMBER", {
    what: "the scores of a baseline contain NaN or infinity",
    expected: "finite values",
    hint: "Use another model, or train this model again.",
  });
}
