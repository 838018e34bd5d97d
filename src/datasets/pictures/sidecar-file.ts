import { lstat, readFile } from "node:fs/promises";
import { MmelError } from "../../core/index.js";
import { type Fields, readMetadata } from "./read-metadata.js";
import { MAX_XMP } from "./xmp-parser.js";

/**
 * Reads the text of a sidecar; undefined if the file does not exist. Throws `PATH_OUTSIDE` if the sidecar is not a
 * regular file, `FORMAT` if it is longer than 4 MiB or not UTF-8, and `FILE_UNREADABLE` if it cannot be read.
 */
export async function readSidecarText(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return undefined;
    throw unreadable(path, cause);
  });
  if (found === undefined) return undefined;
  if (!found.isFile())
    throw new MmelError("PATH_OUTSIDE", { what: "the sidecar is not a regular file", where: path });
  if (found.size > MAX_XMP) throw badSidecar(`is too large: ${found.size} bytes`, `at most ${MAX_XMP} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    if (cause instanceof TypeError) throw badSidecar("is not UTF-8", "UTF-8 text");
    throw unreadable(path, cause);
  }
}

const unreadable = (where: string, cause: unknown): MmelError =>
  new MmelError("FILE_UNREADABLE", { what: "the sidecar cannot be read", where, cause });

/**
 * Returns the XMP fields in the text of a sidecar. Throws `FORMAT` if the text is not well-formed XMP, has no fields or
 * has a DOCTYPE.
 */
export async function sidecarFields(text: string): Promise<Fields> {
  if (/<!DOCTYPE/i.test(text)) throw badSidecar("has a DOCTYPE", "XMP without a DOCTYPE");
  const start = text.search(/<x:xmpmeta|<rdf:RDF/);
  const end = text.lastIndexOf(">", text.search(/<\?xpacket end/) >>> 0) + 1;
  const packet = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>${text.slice(start, end)}<?xpacket end="w"?>`;
  if (start < 0) throw badSidecar("is not XMP");
  const { xmp } = await readMetadata(Buffer.from(packet)).catch((): { xmp?: Fields } => ({}));
  const { _raw, ...fields } = xmp ?? {};
  if (Object.keys(fields).length === 0) throw badSidecar("is not well-formed XMP");
  return fields;
}

function badSidecar(problem: string, expected?: string): MmelError {
  return new MmelError("FORMAT", {
    what: `the sidecar ${problem}`,
    expected,
    hint: "Move the sidecar to another folder and run the command again.",
  });
}
