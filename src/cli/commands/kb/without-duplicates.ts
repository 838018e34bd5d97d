import { type Entity, MmelError } from "../../../core/index.js";
import type { Rejected } from "../../../formats/index.js";
import type { Accepted, Input } from "../../input.js";

/** Rejects what the importer calls a duplicate when it has just been given it; `file` is the one it came from. */
export function withoutDuplicates(
  records: AsyncIterable<Accepted<Entity>>,
  input: Input,
  file: () => string,
) {
  const again: Rejected[] = [];
  let line = 0;
  const onDuplicate = (id: string): void => {
    const where = `${file()}, line ${line}`;
    const what = `entity id "${id}" comes again, and the first one stays`;
    const error = new MmelError("DUPLICATE_ID", { what, where, expected: "each id once" });
    again.push({ kind: "rejected", line, id, error, excerpt: "" });
  };
  async function* entities(): AsyncGenerator<Entity> {
    for await (const record of records) {
      line = record.line;
      yield record.value;
      for (const rejected of again.splice(0)) await input.reject(rejected);
    }
  }
  return { entities: entities(), onDuplicate };
}
