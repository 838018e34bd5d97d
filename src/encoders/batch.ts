import type { InputTokens } from "./pair-encoder.js";

/**
 * A batch of inputs for a graph, padded to the same length. `ids`, `segments` and the masks are [rows, length],
 * row-major.
 */
export interface InputBatch {
  readonly rows: number;
  readonly length: number;
  /** Row i contains the input at index `members[i]` in the list of inputs. */
  readonly members: readonly number[];
  /** Token ids (int64), 0 in padding. */
  readonly ids: BigInt64Array;
  /** Whether a token is in segment 1 (bool: 0 or 1, like the masks below). */
  readonly segments: Uint8Array;
  /** Whether a token is not padding; no token attends to padding. */
  readonly attention: Uint8Array;
  /** Whether a token belongs to the caption. */
  readonly context: Uint8Array;
  /** Whether a token belongs to the entity. */
  readonly entity: Uint8Array;
}

/**
 * Packs inputs into batches, longest first. Every input is in exactly one batch. A batch is padded to the smallest of
 * `lengths` that is long enough for its inputs; inputs longer than all `lengths` are not padded. A batch contains at
 * most `batchTokens` tokens, including padding, unless it consists of a single input.
 */
export function packInputs(
  inputs: readonly InputTokens[],
  lengths: readonly number[],
  batchTokens = 2048,
): InputBatch[] {
  const buckets = new Map<number, number[]>();
  inputs.forEach(({ ids }, index) => {
    const length = bucketOf(ids.length, lengths);
    const members = buckets.get(length);
    if (members === undefined) buckets.set(length, [index]);
    else members.push(index);
  });
  return [...buckets]
    .sort(([a], [b]) => b - a)
    .flatMap(([length, members]) =>
      chunks(members, Math.max(1, Math.floor(batchTokens / length))).map((chunk) =>
        packBatch(inputs, chunk, length),
      ),
    );
}

/**
 * Packs the inputs at the indices `members`, in that order, into one batch whose rows are padded to `length` tokens.
 */
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
    const start = row * length;
    ids.forEach((id, column) => {
      batch.ids[start + column] = BigInt(id);
    });
    batch.attention.fill(1, start, start + ids.length);
    batch.segments.fill(1, start + secondFrom, start + ids.length);
    batch.context.fill(1, start + context.start, start + context.end);
    batch.entity.fill(1, start + entity.start, start + entity.end);
  });
  return { rows: members.length, length, members, ...batch };
}

/**
 * Returns the smallest of the ascending `lengths` that is at least `tokens`, or `tokens` if all lengths are smaller.
 */
export function bucketOf(tokens: number, lengths: readonly number[]): number {
  return lengths.find((length) => length >= tokens) ?? tokens;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) =>
    items.slice(chunk * size, (chunk + 1) * size),
  );
}
