import { MmelError } from "../core/index.js";
import type { Line } from "./lines.js";
import { type Raw, type Rejected, reject } from "./read.js";

/** The JSON values of lines; blank lines are passed over, lines that are not JSON are rejected with `FORMAT`. */
export async function* jsonRecords(lines: AsyncIterable<Line>, file: string): AsyncGenerator<Raw | Rejected> {
  for await (const line of lines) {
    if (line.kind === "bad") yield { ...line, kind: "rejected" };
    else if (line.text.trim() !== "") yield parsed(line.line, line.text, file);
  }
}

function parsed(line: number, text: string, file: string): Raw | Rejected {
  try {
    return { kind: "raw", line, text, wire: JSON.parse(text) };
  } catch (cause) {
    const error = new MmelError("FORMAT", {
      what: `the line is not JSON (${(cause as Error).message})`,
      where: `${file}, line ${line}`,
      expected: "one JSON object a line",
      cause,
    });
    return reject({ kind: "raw", line, text, wire: undefined }, error);
  }
}
