import type { InputTokens } from "./input/tokens.js";

/** Inputs of one length bucket as the tensors of a graph, all [rows, length], row-major. */
export interface InputBatch {
  readonly rows: number;
  readonly length: number;
  /** `members[row]` is the position, in the list that was packed, of the input in that row. */
  readonly members: readonly number[];
  /** Token ids (int64); 0 in padding. */
  readonly ids: BigInt64Array;
  /** 1 in the second segment (bool), as are the masks below in what they name. */
  readonly segments: Uint8Array;
  /** Every token but padding: the keys that attention may see. */
  readonly attention: Uint8Array;
  readonly context: Uint8Array;
  readonly entity: Uint8Array;
}

/**
 * Packs inputs into batches, each padded to the smallest of `lengths` that holds all its rows, with at most
 * `batchTokens` places (padding counted) a batch. Longest first; every input lies in exactly one batch.
 */
export function packInputs(
  inputs: readonly InputTokens[],
  lengths: readonly number[],
  batchTokens = 2048,
): InputBatch[] {
  const buckets = new Map<number, number[]>();
  inputs.forEach(({ ids }, at) => {
    const length = bucketOf(ids.length, lengths);
    const members = buckets.get(length);
    if (members === undefined) buckets.set(length, [at]);
    else members.push(at);
  });
  return [...buckets]
    .sort(([a], [b]) => b - a)
    .flatMap(([length, members]) =>
      chunks(members, Math.max(1, Math.floor(batchTokens / length))).map((chunk) =>
        packBatch(inputs, chunk, length),
      ),
    );
}

/** One batch of the inputs at the positions `members`, in that order, padded to `length`. */
export function packBatch(
  inputs: readonly InputTokens[],
  members: readonly number[],
  length: number,
): InputBatch {
  const size = members.length * length;
  const mask = (): Uint8Array => new Uint8Array(size);
  const batch = {
    ids: new BigInt64Array(size),
    segments: mask(),
    attention: mask(),
    context: mask(),
    entity: mask(),
  };
  members.forEach((member, row) => {
    const { ids, secondFrom, context, entity } = inputs[member]!;
    const at = row * length;
    ids.forEach((id, column) => {
      batch.ids[at + column] = BigInt(id);
    });
    batch.attention.fill(1, at, at + ids.length);
    batch.segments.fill(1, at + secondFrom, at + ids.length);
    batch.context.fill(1, at + context.start, at + context.end);
    batch.entity.fill(1, at + entity.start, at + entity.end);
  });
  return { rows: members.length, length, members, ...batch };
}

/** The smallest of `lengths`, in ascending order, that is at least `tokens`. */
export function bucketOf(tokens: number, lengths: readonly number[]): number {
  return lengths.find((length) => length >= tokens) ?? tokens;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
