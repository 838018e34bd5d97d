/** The values used last, by their keys; those used longest ago are forgotten when there are too many. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** Keeps values of `most` together by `weightOf` (default: so many values), and always the last one. */
export function createRecent<Value>(
  most: number,
  weightOf: (value: Value) => number = () => 1,
): Recent<Value> {
  const values = new Map<string, Value>();
  let weight = 0;
  const forget = (key: string): void => {
    const value = values.get(key);
    if (value !== undefined && values.delete(key)) weight -= weightOf(value);
  };
  return {
    get(key) {
      const value = values.get(key);
      if (value === undefined) return undefined;
      values.delete(key);
      values.set(key, value);
      return value;
    },
    set(key, value) {
      forget(key);
      values.set(key, value);
      weight += weightOf(value);
      for (const oldest of values.keys()) {
        if (weight <= most || oldest === key) break;
        forget(oldest);
      }
    },
  };
}
