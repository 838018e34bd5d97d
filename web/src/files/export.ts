import type { Item } from "../review/types.js";
import { itemToWire } from "./captions.js";

/** Captions with gold as JSON Lines, as `mmel train` and `mmel evaluate` read them. */
export const exportCaptions = (items: readonly Item[]): string =>
  items.map((item) => `${JSON.stringify(itemToWire(item))}\n`).join("");

/** The captions in which every name is decided: those that training may learn from without guessing. */
export const finished = (items: readonly Item[]): Item[] =>
  items.filter(({ marks }) => marks.length > 0 && marks.every(({ gold }) => gold !== undefined));
