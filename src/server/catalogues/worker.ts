import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { type Entity, MmelError } from "../../core/index.js";
import { serveRequests } from "../../core/worker-channel.js";
import { writeProblem } from "../../core/write-problem.js";
import { pictureCaption } from "../../datasets/pictures/index.js";
import {
  captionToWire,
  type PictureCaptionAnswer,
  parseCaptionMapping,
  parseMapping,
  previewTable,
  type Rejected,
  readCaptions,
  readEntities,
  rejectLine,
  writeAtomically,
} from "../../formats/index.js";
import type { Manifest } from "../../kb/index.js";
import { importKb } from "../../linker/import-kb.js";
import { updateKb } from "../../linker/update-kb.js";
import {
  type CaptionsRequest,
  type ImportRequest,
  importCounts,
  type PictureRequest,
  type TableAnswer,
  type TableRequest,
} from "./tables.js";

serveRequests<TableRequest, TableAnswer>(async (request, signal) => {
  if (request.kind === "preview") {
    const { file, as, mapping } = request;
    return await previewTable(file, { as, signal, ...(mapping !== undefined && { mapping }) });
  }
  if (request.kind === "picture") return await readPicture(request);
  if (request.kind === "import") return await importTable(request, signal);
  await writeAtomically(request.output, captionLines(request, signal));
  return null;
});

async function readPicture({ file, path, sidecars }: PictureRequest): Promise<PictureCaptionAnswer> {
  const { caption, problems } = await pictureCaption(file, { path, sidecars });
  return {
    ...(caption && { caption: captionToWire(caption) }),
    problems: problems.map(({ detail: { what } }) => what),
  };
}

/** Files with these names are JSON Lines; all others are tables. */
const JSON_LINES = /\.(?:jsonl|ndjson|json)(?:\.gz|\.bz2)?$/i;

const formatOf = (file: string) => (JSON_LINES.test(file) ? "jsonl" : "csv");

async function* captionLines(
  { file, mapping }: CaptionsRequest,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const options = { format: formatOf(file), signal } as const;
  const given = mapping === undefined ? {} : { mapping: parseCaptionMapping(mapping) };
  for await (const read of readCaptions(file, { ...options, ...given }))
    yield `${JSON.stringify(
      read.kind === "record"
        ? captionToWire(read.value)
        : { rejected: { line: read.line, error: `${read.error.code}: ${read.error.message}` } },
    )}\n`;
}

async function importTable(request: ImportRequest, signal: AbortSignal): Promise<Manifest> {
  const { file, mapping, target, title, update, rejects, counts: buffer } = request;
  const counts = importCounts(buffer);
  await using output = await open(rejects, "w");
  const duplicates: Rejected[] = [];
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  let line = 0;
  const onDuplicate = (id: string): void => void duplicates.push(duplicate(id, line));
  const reject = async (rejected: Rejected): Promise<void> => {
    await output.appendFile(rejectLine(rejected)).catch((cause: unknown) => {
      throw new MmelError("FILE_UNWRITABLE", { what: writeProblem(cause), cause });
    });
    counts.rejected += 1;
  };
  async function* entities(): AsyncGenerator<Entity> {
    const options = { format: formatOf(file), signal } as const;
    const given = mapping === undefined ? {} : { mapping: parseMapping(mapping) };
    for await (const read of readEntities(source, { ...options, ...given })) {
      counts.bytes = source.bytesRead;
      if (read.kind === "rejected") await reject(read);
      else {
        line = read.line;
        yield read.value;
        counts.entities += 1;
        for (const rejected of duplicates.splice(0)) {
          await reject(rejected);
          counts.entities -= 1;
        }
      }
    }
    counts.bytes = source.bytesRead;
    if (counts.entities === 0) throw noEntities();
  }
  const options = { signal, onDuplicate, replace: false, ...(title !== undefined && { name: title }) };
  if (!update) return await importKb(target, entities(), options);
  return (await updateKb(target, { entities: entities() }, options)).manifest;
}

function duplicate(id: string, line: number): Rejected {
  const error = new MmelError("DUPLICATE_ID", {
    what: `the entity id "${id}" is a duplicate; the first entity is kept`,
    where: `line ${line}`,
    expected: "only one entity with this id",
  });
  return { kind: "rejected", line, id, error, excerpt: "" };
}

const noEntities = (): MmelError =>
  new MmelError("FORMAT", {
    what: "the table contains no valid entity",
    expected: "at least one",
    hint: "Check the columns of the mapping, and the first rejected rows.",
  });
