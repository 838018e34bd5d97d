import { EPSILON, SCORE } from "./score.js";

/**
 * The best entities of a search, each with its best row. Also reports whether another entity can still get into the
 * list.
 */
export interface TopK {
  /** Removes all entities and sets the maximum number to keep. */
  reset(limit: number): void;
  /**
   * Adds a scored row of an entity, unless its score is below `SCORE.floor` or too low for the list. If two rows of the
   * entity have the same score, keeps the row with the smaller number. If two entities have the same score, the entity
   * with the smaller number ranks higher.
   */
  offer(entity: number, row: number, score: number): void;
  /** Returns whether an entity whose score is at most `bound` can change the list. Allows for a rounding error in `bound`. */
  admits(entity: number, bound: number): boolean;
  /** Returns the lowest score in the list, or `SCORE.floor` while the list is not full. */
  cutoff(): number;
  /** Returns the entities, best first. Entities with equal scores are in ascending order of their numbers. */
  ranked(): readonly RankedRow[];
}

export interface RankedRow {
  readonly entity: number;
  readonly row: number;
  readonly score: number;
}

/** Creates a top-k list for entity numbers below `entities`. The list is a heap with its worst entry at the root. */
export function createTopK(entities: number): TopK {
  const slotOf = new Uint32Array(entities); // heap index + 1 of an entity; 0 if it is not in the heap
  let heap: RankedRow[] = [];
  let limit = 0;

  const worse = (a: RankedRow, b: RankedRow): boolean =>
    a.score < b.score || (a.score === b.score && a.entity > b.entity);

  const put = (slot: number, entry: RankedRow): void => {
    heap[slot] = entry;
    slotOf[entry.entity] = slot + 1;
  };

  const siftUp = (from: number, entry: RankedRow): void => {
    let slot = from;
    for (let parent = (slot - 1) >> 1; slot > 0 && worse(entry, heap[parent]!); parent = (slot - 1) >> 1) {
      put(slot, heap[parent]!);
      slot = parent;
    }
    put(slot, entry);
  };

  const siftDown = (from: number, entry: RankedRow): void => {
    let slot = from;
    for (let child = 2 * slot + 1; child < heap.length; child = 2 * slot + 1) {
      if (child + 1 < heap.length && worse(heap[child + 1]!, heap[child]!)) child++;
      if (!worse(heap[child]!, entry)) break;
      put(slot, heap[child]!);
      slot = child;
    }
    put(slot, entry);
  };

  return {
    reset(size) {
      for (const { entity } of heap) slotOf[entity] = 0;
      heap = [];
      limit = size;
    },
    offer(entity, row, score) {
      if (score < SCORE.floor) return;
      const entry = { entity, row, score };
      const slot = slotOf[entity]! - 1;
      if (slot >= 0) {
        const old = heap[slot]!;
        if (score > old.score || (score === old.score && row < old.row)) siftDown(slot, entry);
      } else if (heap.length < limit) {
        siftUp(heap.length, entry);
      } else if (limit > 0 && worse(heap[0]!, entry)) {
        slotOf[heap[0]!.entity] = 0;
        siftDown(0, entry);
      }
    },
    admits(entity, bound) {
      if (heap.length < limit) return bound >= SCORE.floor;
      const last = heap[0];
      if (last === undefined || bound < last.score) return false;
      return entity <= last.entity || bound > last.score + 2 * EPSILON;
    },
    cutoff: () => (heap.length < limit ? SCORE.floor : (heap[0]?.score ?? Number.POSITIVE_INFINITY)),
    ranked: () => heap.toSorted((a, b) => (worse(b, a) ? -1 : 1)),
  };
}
