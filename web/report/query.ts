import type { ShownCaption, ShownMention } from "../../src/formats/html/page-data.js";
import { foldName } from "../src/review/fold.js";

/** What the reader asks for. The last three fields are names in `KINDS`, `PROBABILITIES` and `ORDERS`. */
export interface Query {
  /** Words that must all occur in the caption, its names, or the labels of its linked and annotated entities. */
  readonly words: string;
  readonly kind: string;
  readonly most: string;
  readonly order: string;
}

type Test = (mention: ShownMention) => boolean;

const isNil: Test = ({ rows }) => rows.some(({ entity, proposed }) => entity === null && proposed === true);

/** A caption is found if at least one of its mentions passes the tests of the kind and of the probability. */
export const KINDS: Readonly<Record<string, Test>> = {
  all: () => true,
  linked: (mention) => !isNil(mention),
  "not in the knowledge base (NIL)": isNil,
  "not as annotated": ({ right }) => right === false,
  "as annotated": ({ right }) => right === true,
  "changed by the other names": ({ alone }) => alone !== undefined,
  "other link without the picture": ({ blind }) => blind !== undefined,
};

const atMost =
  (most: number): Test =>
  ({ probability }) =>
    probability !== null && probability <= most;

export const PROBABILITIES: Readonly<Record<string, Test>> = {
  any: () => true,
  "at most 50 %": atMost(0.5),
  "at most 75 %": atMost(0.75),
  "at most 90 %": atMost(0.9),
  "at most 95 %": atMost(0.95),
  "above 95 %": ({ probability }) => probability !== null && probability > 0.95,
};

/** Returns the number by which captions are sorted, given the probabilities of the mentions that pass the tests. */
export const ORDERS: Readonly<Record<string, (probabilities: readonly number[]) => number>> = {
  "as in the file": () => 0,
  "least probable first": (probabilities) => Math.min(...probabilities),
  "most probable first": (probabilities) => -Math.max(...probabilities),
};

export const DEFAULT_QUERY: Query = { words: "", kind: "all", most: "any", order: "as in the file" };

/** Returns a function that finds the captions for a query and returns their indices in the order of the query. */
export function createSearch(captions: readonly ShownCaption[]): (query: Query) => readonly number[] {
  const texts: string[] = [];
  const textOf = (index: number): string => (texts[index] ??= searchText(captions[index]!));
  return ({ words, kind, most, order }) => {
    const wanted = foldName(words).split(/\s+/);
    const tests = [KINDS[kind]!, PROBABILITIES[most]!].filter((_, i) => [kind !== "all", most !== "any"][i]);
    const found = captions.flatMap(({ mentions }, index) => {
      const fitting = mentions.filter((mention) => tests.every((test) => test(mention)));
      if (tests.length > 0 && fitting.length === 0) return [];
      if (!wanted.every((word) => textOf(index).includes(word))) return [];
      return [{ index, key: ORDERS[order]!(fitting.map(({ probability }) => probability ?? 1)) }];
    });
    return found.sort((a, b) => compare(a.key, b.key) || a.index - b.index).map(({ index }) => index);
  };
}

/** Compares numbers, of which both may be infinite. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

const searchText = ({ id, text, mentions }: ShownCaption): string =>
  foldName([id, text, ...mentions.flatMap(({ text, link, gold = "" }) => [text, link, gold])].join("\n"));
