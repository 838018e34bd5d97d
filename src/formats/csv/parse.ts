/** Takes the lines of one CSV record (RFC 4180) one by one. */
export interface RecordParser {
  readonly cells: readonly string[];
  /** `open`: a quoted cell goes on in the next line. `broken`: text after a closing quote. */
  feed(line: string): "complete" | "open" | "broken";
}

/** A quote inside an unquoted cell is text; a line feed inside a quoted one is kept as it was. */
export function createRecordParser(delimiter: string): RecordParser {
  const cells: string[] = [];
  let cell = "";
  let open = false;
  const feedQuoted = (line: string, from: number): number | "open" => {
    for (let at = from; ; ) {
      const quote = line.indexOf('"', at);
      if (quote < 0) {
        cell += line.slice(at);
        return "open";
      }
      cell += line.slice(at, quote);
      if (line[quote + 1] !== '"') return quote + 1;
      cell += '"';
      at = quote + 2;
    }
  };
  const feed = (line: string): "complete" | "open" | "broken" => {
    if (open) cell += "\n";
    for (let at = 0; ; ) {
      if (!open && line[at] === '"') {
        open = true;
        at++;
      }
      if (open) {
        const after = feedQuoted(line, at);
        if (after === "open") return "open";
        open = false;
        cells.push(cell);
        cell = "";
        if (isEnd(line, after)) return "complete";
        if (line[after] !== delimiter) return "broken";
        at = after + 1;
      } else {
        const end = line.indexOf(delimiter, at);
        cells.push(end < 0 ? line.slice(at).replace(/\r$/, "") : line.slice(at, end));
        if (end < 0) return "complete";
        at = end + 1;
      }
    }
  };
  return { cells, feed };
}

const isEnd = (line: string, at: number): boolean =>
  at === line.length || (at === line.length - 1 && line[at] === "\r");
