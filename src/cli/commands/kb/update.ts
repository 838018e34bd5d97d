import { type Entity, MmelError } from "../../../core/index.js";
import { readIds } from "../../../formats/index.js";
import { type Context, note, print } from "../../context.js";
import { type Accepted, openInput, refuseOverwriting } from "../../input.js";
import { createProgress } from "../../progress.js";
import { openReading, type ReadingOptions } from "./reading.js";
import { withoutDuplicates } from "./without-duplicates.js";

export interface UpdateOptions extends ReadingOptions {
  readonly name?: string;
  readonly remove?: string;
  readonly onError: "skip" | "fail";
  readonly rejects?: string;
  readonly json?: boolean;
}

/** `mmel kb import --update`: the files' entities are added or take the place of those with their ids. */
export async function updateFromFiles(
  context: Context,
  files: readonly string[],
  options: UpdateOptions,
): Promise<void> {
  const { updateKb } = await import("../../../linker/index.js");
  const { showTarget } = await import("../../../kb/index.js");
  const { kb, name, remove } = options;
  await refuseOverwriting([...files, ...(remove === undefined ? [] : [remove])], {
    "--rejects": options.rejects,
  });
  await using input = await openInput(context, options);
  using progress = createProgress(context, "entities");
  const started = performance.now();
  const where = files.join(", ");
  const reading = await openReading(context, files, options, progress);
  const ids = remove === undefined ? new Set<string>() : await idsIn(remove, context.signal);
  const given = (): AsyncIterable<Accepted<Entity>> =>
    notRemoved(input.accept(reading.reads, where), ids, remove ?? "", reading.file);
  const { entities, onDuplicate } =
    files.length === 0
      ? { entities: none(), onDuplicate: () => {} }
      : withoutDuplicates(given(), input, reading.file);
  const { manifest, ...changes } = await updateKb(
    kb,
    { entities, remove: ids },
    {
      ...(name !== undefined && { name }),
      signal: context.signal,
      onProgress: progress.update,
      onDuplicate,
    },
  );
  const { figures, text } = await reading.finish();
  progress[Symbol.dispose]();
  if (changes.notFound > 0) note(context, `${changes.notFound} of the ids to remove were not there`);
  const seconds = Math.round((performance.now() - started) / 10) / 100;
  const report = { ...manifest, ...changes, rejected: input.rejected(), seconds, ...figures };
  const { added, changed, removed, unchanged } = changes;
  await print(
    context,
    options.json
      ? `${JSON.stringify(report)}\n`
      : `${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged: ${manifest.entities} entities in ${showTarget(kb)} (${manifest.name}@${manifest.version}), ${seconds} s\n${text}`,
  );
}

async function* none(): AsyncGenerator<Entity> {}

async function idsIn(file: string, signal: AbortSignal): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const id of readIds(file, signal)) ids.add(id);
  return ids;
}

/** Records whose ids are not also in the file of those to be removed: `FORMAT`. */
async function* notRemoved(
  records: AsyncIterable<Accepted<Entity>>,
  ids: ReadonlySet<string>,
  removed: string,
  file: () => string,
): AsyncGenerator<Accepted<Entity>> {
  for await (const record of records) {
    if (ids.has(record.value.id))
      throw new MmelError("FORMAT", {
        what: `entity "${record.value.id}" is given, and to be removed by ${removed}`,
        where: `${file()}, line ${record.line}`,
        expected: "one of the two",
        hint: "taking it out of one of the files",
      });
    yield record;
  }
}
