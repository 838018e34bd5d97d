import { useMemo } from "preact/hooks";
import { shownItems } from "../app/index.js";
import type { Item } from "../review/index.js";
import { useApp, useStore, useWork } from "./context.js";

/** The orders of the captions, as the page names them. */
export const ORDERS = { unsure: "Unsure first", file: "As opened" } as const;

/** Returns the captions that the page lists, and their order. */
export function useShownItems(): { readonly items: readonly Item[]; readonly order: keyof typeof ORDERS } {
  const app = useApp();
  const { items, linkings } = useWork();
  const { order } = useStore(app.preferences);
  const filter = useStore(app.filter);
  return { items: useMemo(() => shownItems(app), [items, linkings, order, filter]), order };
}
