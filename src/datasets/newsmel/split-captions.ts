import { type Caption, MmelError, type Random } from "../../core/index.js";
import { fold } from "../../names/index.js";
import { bySplit, SPLITS, type Split, TENTHS } from "../splits.js";
import type { Renamed } from "./rename.js";
import type { Resolved } from "./resolve.js";

/**
 * What no two splits may share: the text as it came, as it is written after renaming, and, where enough of it is left, without
 * its names and digits, so that no split holds the same sentence of somebody else; the picture, and with `entity` also a
 * person.
 */
export type SplitBy = "entity" | "text";

export interface SplitCaptions {
  /** Numbers of captions. */
  readonly splits: Readonly<Record<Split, readonly number[]>>;
  readonly by: SplitBy;
  readonly largestGroup: number;
}

/** How far a split's size may be from its share: a fifth of it, or two captions. */
const TOLERANCE = { share: 0.2, captions: 2 } as const;

/**
 * Splits captions 7:1:2 without cutting a group. `auto` keeps people apart if groups allow it: where everybody is
 * photographed with everybody, one group holds most captions, and then only texts and pictures are kept apart. `CONFIG` when
 * `entity` is asked for and not to be had.
 */
export function splitCaptions(
  resolved: readonly Resolved[],
  renamed: readonly Renamed[],
  pictureOf: (caption: Caption) => string | undefined,
  by: SplitBy | "auto",
  random: () => Random,
): SplitCaptions {
  const attempt = (how: SplitBy): SplitCaptions => {
    const groups = groupByKeys(
      resolved.map((one, at) => leakKeys(one, renamed[at]!, how, pictureOf(one.caption))),
    );
    const largestGroup = groups.reduce((most, { length }) => Math.max(most, length), 0);
    return { splits: splitGroups(groups, random()), by: how, largestGroup };
  };
  const wanted = attempt(by === "auto" ? "entity" : by);
  if (wanted.by === "text" || fits(wanted, resolved.length)) return wanted;
  if (by === "auto") return attempt("text");
  throw new MmelError("CONFIG", {
    what: `${wanted.largestGroup} of ${resolved.length} captions hang together by their people, texts and pictures and cannot be split 7:1:2`,
    where: "--split-by entity",
    hint: "--split-by text",
  });
}

function fits({ splits }: SplitCaptions, total: number): boolean {
  return SPLITS.every((split) => {
    const share = (total * TENTHS[split]) / 10;
    return Math.abs(splits[split].length - share) <= Math.max(TOLERANCE.captions, share * TOLERANCE.share);
  });
}

/** The keys of a caption, two captions with a key in common belonging together; `picture` tells pictures apart by content. */
export function leakKeys(
  { caption, meant }: Resolved,
  renamed: Pick<Renamed, "caption">,
  by: SplitBy,
  picture: string | undefined,
): readonly string[] {
  return [
    `text ${wordsOf(caption, meant)}`,
    `written ${fold(renamed.caption.text)}`,
    ...(picture === undefined ? [] : [`picture ${picture}`]),
    ...(by === "entity" ? meant.map(({ entity }) => `entity ${entity.id}`) : []),
  ];
}

/** A text's words without its names and digits; a text with fewer than `FEWEST_WORDS` of them is told by the whole of it. */
function wordsOf({ text }: Caption, meant: Resolved["meant"]): string {
  let rest = text;
  for (const { mention } of [...meant].reverse()) {
    const { start, end } = mention.span ?? { start: 0, end: 0 };
    rest = `${rest.slice(0, start)} ${rest.slice(end)}`;
  }
  const words = fold(rest.replace(/\p{N}+/gu, " "));
  return words.split(" ").length >= FEWEST_WORDS ? words : fold(text);
}

/** Of fewer words beside the names any two captions may consist: "A with B in London". */
export const FEWEST_WORDS = 6;

/** Groups of captions, by number, that share keys directly or through others; in order of their first captions. */
export function groupByKeys(keys: readonly (readonly string[])[]): number[][] {
  const parent = keys.map((_, at) => at);
  const root = (at: number): number => {
    let top = at;
    while (parent[top] !== top) {
      parent[top] = parent[parent[top]!]!;
      top = parent[top]!;
    }
    return top;
  };
  const first = new Map<string, number>();
  keys.forEach((own, at) => {
    for (const key of own) {
      const other = first.get(key);
      if (other === undefined) first.set(key, at);
      else parent[Math.max(root(at), root(other))] = Math.min(root(at), root(other));
    }
  });
  const groups = new Map<number, number[]>();
  keys.forEach((_, at) => {
    const members = groups.get(root(at));
    if (members === undefined) groups.set(root(at), [at]);
    else members.push(at);
  });
  return [...groups.values()];
}

/**
 * Shares groups out 7:1:2, none of them cut: the largest first, equal ones at random, each where most captions are still
 * missing. A group larger than its share goes to train.
 */
export function splitGroups(groups: readonly (readonly number[])[], random: Random): Record<Split, number[]> {
  const total = groups.reduce((sum, { length }) => sum + length, 0);
  const missing = bySplit((split) => (total * TENTHS[split]) / 10);
  const splits = bySplit((): number[] => []);
  const order = random.shuffle([...groups]).sort((a, b) => b.length - a.length);
  for (const group of order) {
    const split = SPLITS.reduce((most, each) => (missing[each] > missing[most] ? each : most), SPLITS[0]);
    splits[split].push(...group);
    missing[split] -= group.length;
  }
  for (const split of SPLITS) random.shuffle(splits[split]);
  return splits;
}
