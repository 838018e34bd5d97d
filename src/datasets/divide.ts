import { type Caption, createRandom } from "../core/index.js";
import { unknownSplit } from "./published-files.js";
import { SPLITS, type Split, TENTHS } from "./splits.js";

/**
 * Divides captions at random into train, dev and test (7, 1 and 2 tenths) and yields those in one split, in their given
 * order. The same seed and captions give the same splits. Holds all captions in memory. Throws `USAGE` if the split has
 * another name; `where` is the name of the captions in this error.
 */
export async function* divided(
  captions: AsyncIterable<Caption>,
  split: string,
  seed: number,
  where: string,
): AsyncGenerator<Caption> {
  if (!isSplit(split)) throw unknownSplit(split, where, SPLITS);
  const all: Caption[] = [];
  for await (const caption of captions) all.push(caption);
  const places = createRandom(`${seed}/divide`).shuffle([...all.keys()]);
  const [from, to] = tenthsOf(split).map((tenth) => Math.round((tenth * all.length) / 10));
  for (const index of places.slice(from, to).sort((a, b) => a - b)) yield all[index]!;
}

const isSplit = (name: string): name is Split => SPLITS.some((split) => split === name);

/** Returns where a split begins and ends, in tenths of the data set. */
function tenthsOf(split: Split): readonly number[] {
  const before = SPLITS.slice(0, SPLITS.indexOf(split)).reduce((sum, name) => sum + TENTHS[name], 0);
  return [before, before + TENTHS[split]];
}
