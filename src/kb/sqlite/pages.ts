import { keyOf } from "../content.js";

type EncodedEntity = readonly [key: Buffer, line: string];

export const PAGE_AFTER = "select key, line from entity where key > ? order by key limit 500";

/** All encoded entities in order of id, a page at a time, so that no statement stays open between pages. */
export function* pagesById(pageAfter: (key: Buffer) => EncodedEntity[]): Generator<EncodedEntity[]> {
  let page = pageAfter(keyOf(""));
  while (page.length > 0) {
    yield page;
    page = pageAfter(page.at(-1)![0]);
  }
}
