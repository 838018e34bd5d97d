import type { WireCaption } from "../../src/formats/index.js";

/** A caption with these names marked where they first occur. */
export function spanned(id: string, text: string, ...names: string[]): WireCaption {
  return {
    id,
    text,
    mentions: names.map((name) => {
      const start = text.indexOf(name);
      return { text: name, start, end: start + name.length };
    }),
  };
}
