import { MmelError } from "../../core/index.js";
import { excerptOf, type Line } from "../lines.js";
import type { Rejected } from "../read.js";
import { createRecordParser } from "./parse.js";

/** The cells of one CSV record, before the header gives them names. */
export interface CsvRecord {
  readonly kind: "cells";
  readonly line: number;
  readonly text: string;
  readonly cells: readonly string[];
}

type Text = Extract<Line, { kind: "line" }>;

/**
 * CSV records of lines. A quote that is never closed, or not within `limit` characters, costs only the line it stands
 * in: that one is rejected, and reading goes on with the next. Blank lines between records are passed over.
 */
export async function* csvRecords(
  lines: AsyncIterator<Line>,
  delimiter: string,
  limit: number,
  file: string,
): AsyncGenerator<CsvRecord | Rejected> {
  const again: Line[] = [];
  const next = async (): Promise<Line | undefined> => {
    if (again.length > 0) return again.pop();
    const { done, value } = await lines.next();
    return done ? undefined : value;
  };
  for (let line = await next(); line !== undefined; line = await next()) {
    if (line.kind === "bad") yield { ...line, kind: "rejected" };
    else if (line.text.trim() !== "") {
      const { result, unused } = await record(line, next, delimiter, limit, file);
      for (const held of unused.reverse()) again.push(held);
      yield result;
    }
  }
}

async function record(
  first: Text,
  next: () => Promise<Line | undefined>,
  delimiter: string,
  limit: number,
  file: string,
): Promise<{ result: CsvRecord | Rejected; unused: Line[] }> {
  const parser = createRecordParser(delimiter);
  const further: Line[] = [];
  let size = first.text.length;
  let state = parser.feed(first.text);
  while (state === "open") {
    const line = await next();
    if (line !== undefined) further.push(line);
    size += line?.kind === "line" ? line.text.length + 1 : 0;
    if (line?.kind !== "line" || size > limit) break;
    state = parser.feed(line.text);
  }
  if (state !== "complete") return { result: broken(first, state, file), unused: further };
  const { line, text } = first;
  return { result: { kind: "cells", line, text, cells: parser.cells }, unused: [] };
}

function broken({ line, text }: Text, state: "open" | "broken", file: string): Rejected {
  const what =
    state === "open" ? "a quoted cell begins here and does not end" : "text follows the end of a quoted cell";
  const expected = 'quotes around the whole cell, each quote inside doubled: "so ""called"""';
  const error = new MmelError("FORMAT", { what, where: `${file}, line ${line}`, expected });
  return { kind: "rejected", line, error, excerpt: excerptOf(text) };
}
