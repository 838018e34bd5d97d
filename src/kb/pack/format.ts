import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { parseWire } from "../../formats/index.js";

/*
 * A packed knowledge base is a gzipped tar archive with two files, in this order:
 *
 *   mmel-kb.json      the manifest: name and version, and the number, length in bytes and SHA-256 of the entities
 *   entities.jsonl    all entities in the format of entity files, in order of id
 *
 * A seal follows the archive; see `seal.ts`. The archive contains no index and no data specific to a driver. Every driver in this and later versions can import
 * it.
 */
export const PACK_MANIFEST = "mmel-kb.json";
export const PACK_ENTITIES = "entities.jsonl";
/** Maximum length of the manifest, in bytes. */
export const MAX_MANIFEST = 1 << 16;

const FORMAT = "mmel-kb-pack";
const LAYOUT = 1;

const schema = z.object({
  format: z.literal(FORMAT),
  layout: z.int().positive(),
  name: z.string(),
  /** `Manifest.version` of the packed entities. */
  version: z.string().regex(/^[0-9a-f]{16}$/),
  entities: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type PackManifest = Omit<z.infer<typeof schema>, "format" | "layout">;

export function formatPackManifest(manifest: PackManifest): string {
  return `${JSON.stringify({ format: FORMAT, layout: LAYOUT, ...manifest }, null, 2)}\n`;
}

/**
 * Parses the manifest of a packed knowledge base. Throws `FORMAT` if the text is not such a manifest, and
 * `KB_TOO_NEW` if a newer version of mmel wrote it.
 */
export function parsePackManifest(text: string, file: string): PackManifest {
  const { format: _, layout, ...manifest } = parseWire(schema, parseJson(text, file), "FORMAT");
  if (layout > LAYOUT)
    throw new MmelError("KB_TOO_NEW", {
      what: `the packed knowledge base was created by a newer version of mmel (layout ${layout})`,
      where: file,
      expected: `layout ${LAYOUT}`,
      hint: "Run `npm install mmel@latest`.",
    });
  return manifest;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notPacked("its manifest is not JSON", file, cause);
  }
}

export function notPacked(why: string, file: string, cause?: unknown): MmelError {
  return new MmelError("FORMAT", {
    what: `this is not a packed knowledge base: ${why}`,
    where: file,
    expected: "a file created by `mmel kb pack`",
    cause,
  });
}

export function damagedPack(why: string, file: string, cause?: unknown): MmelError {
  return new MmelError("KB_DAMAGED", {
    what: `the packed knowledge base is damaged: ${why}`,
    where: file,
    expected: "an unmodified file from `mmel kb pack`",
    hint: "Copy or download the file again.",
    cause,
  });
}
