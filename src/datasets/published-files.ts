import { readdir } from "node:fs/promises";
import { MmelError } from "../core/index.js";

/** Called with the reason whenever a reader leaves out a caption or an annotation. */
export type OnSkipped = (reason: string) => void;

/** Returns the names of the files in a folder; none if the folder cannot be read. */
export const filesIn = (folder: string): Promise<string[]> => readdir(folder).catch((): string[] => []);

/** Creates the error for a split that a data set does not have. `where` is the folder or the file that lists the splits. */
export function unknownSplit(split: string, where: string, present: readonly string[]): MmelError {
  return new MmelError("USAGE", {
    what: `there is no split "${split}"`,
    where,
    expected: present.length === 0 ? "train" : present.join(" or "),
    ...(present.length === 0 && { hint: "Pass the folder that contains the published files." }),
  });
}
