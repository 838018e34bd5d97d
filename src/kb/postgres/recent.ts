/** What was read last, up to a size. */
export interface Recent<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value, size: number): void;
}

/** Two generations: what is used moves to the young one, and when that is half as large as allowed the old one is forgotten. */
export function createRecent<Key, Value>(allowed: number): Recent<Key, Value> {
  type Kept = { readonly value: Value; readonly size: number };
  let young = new Map<Key, Kept>();
  let old = new Map<Key, Kept>();
  let size = 0;
  const keep = (key: Key, kept: Kept): void => {
    if (size + kept.size > allowed / 2) {
      old = young;
      young = new Map();
      size = 0;
    }
    young.set(key, kept);
    size += kept.size;
  };
  return {
    get(key) {
      const kept = young.get(key);
      if (kept !== undefined) return kept.value;
      const aged = old.get(key);
      if (aged === undefined) return undefined;
      keep(key, aged);
      return aged.value;
    },
    set(key, value, weight) {
      keep(key, { value, size: weight });
    },
  };
}
