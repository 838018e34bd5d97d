import { detected } from "../review/links.js";
import { inOrder } from "../review/marks.js";
import type { Item, Linking, Linkings, WireLinks } from "../review/types.js";

/** Captions with the links that belong to them. */
export interface Joined {
  readonly items: readonly Item[];
  readonly linkings: Linkings;
  /** Links whose caption is in none of the files: they hold no text, so nothing can be shown of them. */
  readonly orphans: readonly WireLinks[];
}

/** Joins captions and links by id. Names that only the links have (they were detected) become marks of the caption. */
export function join(items: readonly Item[], links: readonly WireLinks[]): Joined {
  const byId = new Map(links.map((one) => [one.id, one]));
  const linkings = new Map<string, Linking>();
  const joined = items.map((item) => {
    const found = byId.get(item.id);
    if (found === undefined || !fits(item, found)) return item;
    linkings.set(item.id, { status: "done", links: found });
    return item.marks.length > 0 ? item : { ...item, marks: inOrder(detected(found.mentions)) };
  });
  const known = new Set(items.map(({ id }) => id));
  return { items: joined, linkings, orphans: links.filter(({ id }) => !known.has(id)) };
}

/** Whether links can be about this caption: every span holds its text there. */
export const fits = ({ text }: Item, { mentions }: WireLinks): boolean =>
  mentions.every(
    (mention) => mention.start === undefined || text.slice(mention.start, mention.end) === mention.text,
  );
