import { type Caption, type CaptionLinks, counted, MmelError } from "../core/index.js";
import { READABLE_COLUMNS, readableRows, writeBytesAtomically, xlsxOf } from "../formats/index.js";
import { type Context, note } from "./context.js";

/** Maximum number of rows in a sheet of Excel. */
const MAX_ROWS = 1_048_575;

/**
 * Creates an output that writes the links as an Excel file for people when all captions are linked, or when the command
 * is interrupted. Throws `CONFIG` without the name of a file.
 */
export function xlsxSink(context: Context, output: string | undefined) {
  if (output === undefined)
    throw new MmelError("CONFIG", {
      what: "an Excel file cannot be written to standard output",
      where: "--format xlsx",
      hint: "Add `--output FILE.xlsx`.",
    });
  const rows: (string | number | null)[][] = [];
  let omitted = 0;
  const write = async (): Promise<void> => {
    const file = await xlsxOf({ name: "links", header: READABLE_COLUMNS, rows, widths: WIDTHS });
    await writeBytesAtomically(output, file.stream());
    if (omitted > 0)
      note(
        context,
        `${output} has no space for the mentions of ${counted(omitted, "caption")}; use \`--format csv\``,
      );
  };
  let finished = false;
  return {
    isDone: () => false,
    take: async (caption: Caption, links: CaptionLinks): Promise<void> => {
      const more = readableRows(caption, links);
      if (rows.length + more.length > MAX_ROWS) omitted += 1;
      else rows.push(...more);
    },
    finish: async (): Promise<void> => {
      finished = true;
      await write();
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      if (!finished && rows.length > 0) await write();
    },
  };
}

/** Widths of the columns in characters. */
const WIDTHS = [12, 60, 20, 24, 26, 14, 24, 12];
