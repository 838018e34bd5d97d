import { linesOf } from "./lines.js";
import { bytesOf, nameOfSource, type Source } from "./source.js";

const LONGEST = 1 << 16;

/**
 * Ids of a text file, plain or gzip, one a line; blank lines are passed over. A line that is no text is thrown
 * (`ENCODING`, `LINE_TOO_LONG`), since an id that is missed here changes what happens to an entity.
 */
export async function* readIds(source: Source, signal?: AbortSignal): AsyncGenerator<string> {
  for await (const line of linesOf(bytesOf(source, signal), LONGEST, nameOfSource(source))) {
    if (line.kind === "bad") throw line.error;
    const id = line.text.replace(/\r$/, "");
    if (id.trim() !== "") yield id;
  }
}
