import { type Caption, counted, MmelError, type Random } from "../../core/index.js";
import { fold } from "../../names/index.js";
import { bySplit, SPLITS, type Split, TENTHS } from "../splits.js";
import type { Renamed } from "./rename.js";
import type { Resolved } from "./resolve.js";

/**
 * The rule for separating splits. With `text`, two captions must stay in one split if they have the same picture, the
 * same text before renaming, or the same text after renaming. The same applies if their texts differ only in names and
 * digits, and if these texts have at least `MIN_WORDS` other words. With `entity`, two captions must also stay in one
 * split if they name the same person.
 */
export type SplitBy = "entity" | "text";

export interface SplitCaptions {
  /** Indices of the captions in each split. */
  readonly splits: Readonly<Record<Split, readonly number[]>>;
  readonly by: SplitBy;
  readonly largestGroup: number;
}

/** Allowed deviation from the intended size of a split: a fifth of this size, or two captions, whichever is greater. */
const TOLERANCE = { share: 0.2, captions: 2 } as const;

/**
 * Splits captions 7:1:2, without dividing groups of captions that must stay in one split. `auto` uses `entity` if the
 * groups are small enough for this ratio, and otherwise `text`. With `entity`, most captions may belong to one group if
 * many people appear together. Throws `CONFIG` if `entity` was requested and is impossible.
 */
export function splitCaptions(
  resolved: readonly Resolved[],
  renamed: readonly Renamed[],
  pictureOf: (caption: Caption) => string | undefined,
  by: SplitBy | "auto",
  random: () => Random,
): SplitCaptions {
  const attempt = (kind: SplitBy): SplitCaptions => {
    const groups = groupByKeys(
      resolved.map((item, index) => leakKeys(item, renamed[index]!, kind, pictureOf(item.caption))),
    );
    const largestGroup = groups.reduce((most, { length }) => Math.max(most, length), 0);
    return { splits: splitGroups(groups, random()), by: kind, largestGroup };
  };
  const wanted = attempt(by === "auto" ? "entity" : by);
  if (wanted.by === "text" || hasRightSizes(wanted, resolved.length)) return wanted;
  if (by === "auto") return attempt("text");
  throw new MmelError("CONFIG", {
    what: `a 7:1:2 split is impossible: ${wanted.largestGroup} of ${counted(resolved.length, "caption")} must stay in one split, because they share people, texts or pictures (directly or through other captions)`,
    where: "--split-by entity",
    hint: "Use `--split-by text`.",
  });
}

function hasRightSizes({ splits }: SplitCaptions, total: number): boolean {
  return SPLITS.every((split) => {
    const share = (total * TENTHS[split]) / 10;
    return Math.abs(splits[split].length - share) <= Math.max(TOLERANCE.captions, share * TOLERANCE.share);
  });
}

/**
 * Returns the keys of a caption. Captions with a common key must stay in one split. `picture` is a hash of the content
 * of the caption's picture.
 */
export function leakKeys(
  { caption, people }: Resolved,
  renamed: Pick<Renamed, "caption">,
  by: SplitBy,
  picture: string | undefined,
): readonly string[] {
  return [
    `text ${wordsWithoutNames(caption, people)}`,
    `written ${fold(renamed.caption.text)}`,
    ...(picture === undefined ? [] : [`picture ${picture}`]),
    ...(by === "entity" ? people.map(({ entity }) => `entity ${entity.id}`) : []),
  ];
}

/**
 * Returns the folded text without names and digits, or the complete folded text if fewer than `MIN_WORDS` words remain.
 */
function wordsWithoutNames({ text }: Caption, people: Resolved["people"]): string {
  let rest = text;
  for (const { mention } of [...people].reverse()) {
    const { start, end } = mention.span ?? { start: 0, end: 0 };
    rest = `${rest.slice(0, start)} ${rest.slice(end)}`;
  }
  const words = fold(rest.replace(/\p{N}+/gu, " "));
  return words.split(" ").length >= MIN_WORDS ? words : fold(text);
}

/**
 * Texts are compared without names and digits if at least this many words remain. With fewer words, texts are often the
 * same by chance ("A with B in London").
 */
export const MIN_WORDS = 6;

/**
 * Groups the indices of items that share a key, either directly or through other items (union-find). The groups are
 * sorted by their first index.
 */
export function groupByKeys(keys: readonly (readonly string[])[]): number[][] {
  const parent = keys.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  };
  const firstWithKey = new Map<string, number>();
  keys.forEach((ownKeys, index) => {
    for (const key of ownKeys) {
      const other = firstWithKey.get(key);
      if (other === undefined) firstWithKey.set(key, index);
      else parent[Math.max(rootOf(index), rootOf(other))] = Math.min(rootOf(index), rootOf(other));
    }
  });
  const groups = new Map<number, number[]>();
  keys.forEach((_, index) => {
    const members = groups.get(rootOf(index));
    if (members === undefined) groups.set(rootOf(index), [index]);
    else members.push(index);
  });
  return [...groups.values()];
}

/**
 * Distributes groups 7:1:2 without dividing them, from the largest to the smallest. Groups of equal size are in random
 * order. Each group goes to the split that lacks the most captions, so a group that is too large for every split goes
 * to train.
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
