import { MmelError } from "../../core/index.js";
import type { State } from "./state.js";

const RESUME = "the same command with --resume, which goes on from there";

/** A dump whose array does not end. */
export function cutOff(path: string, state: State): MmelError {
  return new MmelError("FORMAT", {
    what: `the dump ends in the middle, after ${farAs(state)}`,
    where: path,
    expected: "a closing ] as its last line",
    hint: `fetching the file again, then ${RESUME}`,
  });
}

const farAs = ({ place }: State): string =>
  `${place.lines.toLocaleString("en")} lines (${Math.round(place.bytes / 1e6).toLocaleString("en")} MB)`;

/** Says how far the reading came, and how to go on. */
export function explained(error: unknown, path: string, state: State): unknown {
  if (!(error instanceof MmelError)) return error;
  const { code, detail } = error;
  if (code === "ABORTED")
    return new MmelError(code, {
      ...detail,
      what: `interrupted after ${farAs(state)} of ${path}`,
      hint: RESUME,
    });
  if (code !== "FORMAT" || detail.what.startsWith("the dump ends") || detail.where === undefined)
    return error;
  return new MmelError(code, {
    ...detail,
    what: `${detail.what}; ${farAs(state)} were read`,
    where: path,
    hint: `fetching the file again, then ${RESUME}`,
  });
}
