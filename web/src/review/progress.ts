import type { Item } from "./types.js";

export interface Progress {
  readonly names: number;
  readonly decided: number;
}

export function progressOf(items: readonly Item[]): Progress {
  let [names, decided] = [0, 0];
  for (const { marks } of items) {
    names += marks.length;
    for (const { gold } of marks) if (gold !== undefined) decided++;
  }
  return { names, decided };
}
