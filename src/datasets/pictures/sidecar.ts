import { lstat, readFile } from "node:fs/promises";
import { MmelError } from "../../core/index.js";
import { writeAtomically } from "../../formats/index.js";
import type { Person } from "./persons.js";
import { mergeSidecar, newSidecar, unmergeable } from "./xmp.js";

const MOST_BYTES = 16 << 20;

/**
 * Writes the persons that a picture shows into the XMP sidecar beside it, `PICTURE.xmp` (`photo.jpg.xmp`), as
 * PersonInImageWDetails; what else an existing one holds stays. It is read back before it takes the old one's place.
 * `unchanged` when it says so already, `none` when there is nobody to write and no file. `FORMAT`, `FILE_UNWRITABLE`,
 * `PATH_OUTSIDE` when the sidecar is a symbolic link.
 */
export async function writeSidecar(
  picture: string,
  persons: readonly Person[],
): Promise<"written" | "unchanged" | "none"> {
  const path = `${picture}.xmp`;
  const before = await readSidecar(path);
  if (before === undefined && persons.length === 0) return "none";
  const after = before === undefined ? newSidecar(persons) : mergeSidecar(before, persons);
  if (after === before) return "unchanged";
  await assertReadsBack(before, after, persons);
  await writeAtomically(path, [after]);
  return "written";
}

async function readSidecar(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile())
    throw new MmelError("PATH_OUTSIDE", { what: "the sidecar is no regular file", where: path });
  if (found.size > MOST_BYTES) throw unmergeable(`it has ${found.size} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    if (cause instanceof TypeError) throw unmergeable("it is not UTF-8");
    throw new MmelError("FILE_UNREADABLE", { what: "the sidecar cannot be read", where: path, cause });
  }
}

/** Whether a reader of XMP finds the persons, and all that was there before. */
async function assertReadsBack(
  before: string | undefined,
  after: string,
  persons: readonly Person[],
): Promise<void> {
  const { PersonInImageWDetails: details, ...others } = await tagsOf(after);
  const found = Array.isArray(details?.value) ? details.value.length : 0;
  if (found !== persons.length) throw unmergeable("a reader of XMP would not find the persons in it");
  if (before === undefined) return;
  const { PersonInImageWDetails: _, ...earlier } = await tagsOf(before);
  if (JSON.stringify(earlier) !== JSON.stringify(others))
    throw unmergeable("a reader of XMP would not find all that it holds now");
}

type Tags = Readonly<Record<string, { readonly value?: unknown } | undefined>>;

async function tagsOf(text: string): Promise<Tags> {
  const { default: reader } = await import("exifreader");
  const start = text.search(/<x:xmpmeta|<rdf:RDF/);
  const end = text.lastIndexOf(">", text.search(/<\?xpacket end/) >>> 0) + 1;
  const packet = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>${text.slice(start, end)}<?xpacket end="w"?>`;
  try {
    const { xmp } = reader.load(Buffer.from(packet), { expanded: true });
    const { _raw, ...tags } = (xmp ?? {}) as unknown as Record<string, never>;
    if (start < 0 || Object.keys(tags).length === 0) throw unmergeable("it is not well-formed XMP");
    return tags;
  } catch (error) {
    throw error instanceof MmelError ? error : unmergeable("it is not well-formed XMP");
  }
}
