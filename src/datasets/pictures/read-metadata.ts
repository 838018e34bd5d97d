import { createContext, Script } from "node:vm";
import { MmelError } from "../../core/index.js";
import { createXmpParser } from "./xmp-parser.js";

/** A metadata field: text, a list of fields, a list of structures, or a structure. */
export interface Field {
  readonly value?: unknown;
  readonly description?: unknown;
  readonly attributes?: { readonly lang?: unknown };
}

/** Fields by their names without namespace prefixes. */
export type Fields = Readonly<Record<string, Field | undefined>>;

export interface Metadata {
  readonly xmp?: Fields;
  readonly iptc?: Fields;
  readonly exif?: Fields;
}

/** Maximum time for reading one file, in milliseconds. The XML parser needs quadratic time for some malicious files. */
const MAX_MILLISECONDS = 30_000;

/**
 * Reads the metadata of a picture or of an XMP packet. Decompresses nothing and expands no XML entities, so the memory
 * needed is limited by the size of the file. XMP that is not well-formed is ignored. Throws `IMAGE_TOO_LARGE` if the
 * XMP is longer than 4 Mi characters, and `IMAGE_UNREADABLE` if the file is damaged or not a picture, if its XMP has a
 * DOCTYPE, or if reading takes longer than `maxMilliseconds`.
 */
export async function readMetadata(
  bytes: Buffer,
  { maxMilliseconds = MAX_MILLISECONDS } = {},
): Promise<Metadata> {
  const { default: exifreader } = await import("exifreader");
  const domParser = await createXmpParser();
  try {
    const load = (): unknown => exifreader.load(bytes, { expanded: true, domParser });
    const metadata = inTime(load, maxMilliseconds) as Metadata;
    if (domParser.refused() !== undefined) throw domParser.refused();
    return metadata;
  } catch (cause) {
    if (cause instanceof MmelError) throw cause;
    throw new MmelError("IMAGE_UNREADABLE", {
      what: `the file is not a picture, or it is damaged (${(cause as Error).message})`,
      expected: "JPEG, TIFF, PNG, WebP, HEIC or AVIF",
      cause,
    });
  }
}

const context = createContext({});
const script = new Script("work()");

/** Returns the result of the synchronous function `work`. Aborts `work` with an error after `timeout` milliseconds. */
function inTime(work: () => unknown, timeout: number): unknown {
  context.work = work;
  return script.runInContext(context, { timeout });
}
