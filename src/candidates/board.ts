/** Resolution in which the score of the last place is known. */
const BINS = 4096;

/** The best row of each entity so far, and below which score no entity can come among the best any more. */
export interface Board {
  /** Empties the board for a search for the best `limit` entities. */
  start(limit: number): void;
  /** A row of an entity has this score, in (0, 1]; the first of its best rows stays. Returns whether the entity is new. */
  offer(entity: number, row: number, score: number): boolean;
  /** At least `limit` entities have this score or more; 0 while there are fewer. */
  cutoff(): number;
  /** The best entities, best first, equal ones in order of number. */
  take(): readonly { readonly entity: number; readonly row: number; readonly score: number }[];
}

/** A board in which `entities` have a place each. */
export function createBoard(entities: number): Board {
  const scores = new Float64Array(entities);
  const rows = new Uint32Array(entities);
  const bins = new Uint32Array(BINS + 1);
  let offered: number[] = [];
  let limit = 0;
  let lowest = 0; // of the bins that count
  let above = 0; // entities in bins that count

  return {
    start(wanted) {
      for (const entity of offered) scores[entity] = 0;
      bins.fill(0);
      offered = [];
      limit = wanted;
      lowest = 0;
      above = 0;
    },
    offer(entity, row, score) {
      const old = scores[entity]!;
      if (score < old || (score === old && row >= rows[entity]!)) return false;
      if (old === 0) offered.push(entity);
      else {
        const bin = Math.floor(old * BINS);
        bins[bin]!--;
        if (bin >= lowest) above--;
      }
      scores[entity] = score;
      rows[entity] = row;
      const bin = Math.floor(score * BINS);
      bins[bin]!++;
      if (bin >= lowest) above++;
      while (above - bins[lowest]! >= limit) above -= bins[lowest++]!;
      return old === 0;
    },
    cutoff: () => (above >= limit ? lowest / BINS : 0),
    take() {
      const least = above >= limit ? lowest / BINS : 0;
      return offered
        .filter((entity) => scores[entity]! >= least)
        .sort((a, b) => scores[b]! - scores[a]! || a - b)
        .slice(0, limit)
        .map((entity) => ({ entity, row: rows[entity]!, score: scores[entity]! }));
    },
  };
}
