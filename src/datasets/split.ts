import { MmelError } from "../core/index.js";

/** What to say when a data set does not have the split asked for. */
export function noSplit(split: string, where: string, present: readonly string[]): MmelError {
  return new MmelError("USAGE", {
    what: `there is no split "${split}"`,
    where,
    expected: present.length === 0 ? "train" : present.join(" or "),
    ...(present.length === 0 && { hint: "the folder that holds the published files" }),
  });
}
