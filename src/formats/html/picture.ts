import { html, type Markup } from "./escape.js";

/** Pictures of a page as `data:` addresses, by their paths. */
export type EmbeddedPictures = ReadonlyMap<string, string>;

/** The first of some pictures that the page holds, if any; `words` stand for it where it cannot be seen. */
export function pictureOf(
  paths: readonly string[],
  pictures: EmbeddedPictures,
  words: string,
): Markup | undefined {
  const address = paths.map((path) => pictures.get(path)).find((one) => one !== undefined);
  return address === undefined ? undefined : html`<img class="picture" src="${address}" alt="${words}">`;
}
