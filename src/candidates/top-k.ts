import { EPSILON, SCORE } from "./score.js";

/** The best entities so far, each with its best row, and whether another can still come among them. */
export interface Board {
  /** Empties the board for a search for the best `limit` entities. */
  start(limit: number): void;
  /** A row of an entity has this score. Of an entity's equal rows the first stays, of equal entities the smaller numbers. */
  offer(entity: number, row: number, score: number): void;
  /** Whether the entity may come among the best with a score that is not above `bound`, which may be too great by `EPSILON`. */
  admits(entity: number, bound: number): boolean;
  /** The score of the last place; the floor of all scores while there are free ones. */
  cutoff(): number;
  /** The best entities, best first, equal ones in order of number. */
  take(): readonly Place[];
}

export interface Place {
  readonly entity: number;
  readonly row: number;
  readonly score: number;
}

/** A board for entities of numbers below `entities`: a heap with the worst of the best on top. */
export function createBoard(entities: number): Board {
  const placeOf = new Uint32Array(entities); // in the heap, from 1; 0: not there
  let heap: Place[] = [];
  let limit = 0;

  const worse = (a: Place, b: Place): boolean =>
    a.score < b.score || (a.score === b.score && a.entity > b.entity);

  const put = (at: number, place: Place): void => {
    heap[at] = place;
    placeOf[place.entity] = at + 1;
  };

  const rise = (from: number, place: Place): void => {
    let at = from;
    for (let parent = (at - 1) >> 1; at > 0 && worse(place, heap[parent]!); parent = (at - 1) >> 1) {
      put(at, heap[parent]!);
      at = parent;
    }
    put(at, place);
  };

  const sink = (from: number, place: Place): void => {
    let at = from;
    for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && worse(heap[child + 1]!, heap[child]!)) child++;
      if (!worse(heap[child]!, place)) break;
      put(at, heap[child]!);
      at = child;
    }
    put(at, place);
  };

  return {
    start(wanted) {
      for (const { entity } of heap) placeOf[entity] = 0;
      heap = [];
      limit = wanted;
    },
    offer(entity, row, score) {
      if (score < SCORE.floor) return;
      const place = { entity, row, score };
      const known = placeOf[entity]! - 1;
      if (known >= 0) {
        const old = heap[known]!;
        if (score > old.score || (score === old.score && row < old.row)) sink(known, place);
      } else if (heap.length < limit) {
        rise(heap.length, place);
      } else if (limit > 0 && worse(heap[0]!, place)) {
        placeOf[heap[0]!.entity] = 0;
        sink(0, place);
      }
    },
    admits(entity, bound) {
      if (heap.length < limit) return bound >= SCORE.floor;
      const last = heap[0];
      if (last === undefined || bound < last.score) return false;
      return entity <= last.entity || bound > last.score + 2 * EPSILON;
    },
    cutoff: () => (heap.length < limit ? SCORE.floor : (heap[0]?.score ?? Number.POSITIVE_INFINITY)),
    take: () => heap.toSorted((a, b) => (worse(b, a) ? -1 : 1)),
  };
}
