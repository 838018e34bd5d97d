import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import { SCHEMA } from "../content.js";
import type { Manifest } from "../store.js";
import { damaged, notFound, readFailure } from "./errors.js";

/*
 * Files of a knowledge base:
 *
 *   TARGET/manifest.json      names the current version; size and checksums of each of its files
 *   TARGET/import.lock        locked by the running import
 *   TARGET/version-7/         one complete import: entities.sqlite and the files that `finish` wrote; never modified
 *   TARGET/version-6/         the previous version, for processes that still read it
 *
 * A version becomes visible when manifest.json is replaced by a rename.
 */
export const MANIFEST = "manifest.json";
export const DATABASE = "entities.sqlite";

const VERSION_FOLDER = /^version-([1-9]\d*)$/;

/** Returns the number in the name of a version's folder; undefined for any other name. */
export function versionNumber(folder: string): number | undefined {
  const digits = VERSION_FOLDER.exec(folder)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Size and checksum of a file: the checksums of its blocks (see `BlockSums`), or its SHA-256 in layout 1. */
export type FileChecksum = { readonly bytes: number } & (
  | { readonly blocks: string }
  | { readonly sha256: string }
);

/** Contents of manifest.json: the version, its folder and its files. */
export interface PublishedManifest extends Manifest {
  readonly folder: string;
  /** Size and checksum of each file, by path relative to `folder`, with `/` as the separator. */
  readonly files: Readonly<Record<string, FileChecksum>>;
}

const FORMAT = "mmel-kb";

export function formatManifest(published: PublishedManifest): string {
  const { name, version, schema, entities, names, folder, files } = published;
  const content = { format: FORMAT, name, version, schema, entities, names, folder, files };
  return `${JSON.stringify({ ...content, seal: sealOf(content) }, null, 2)}\n`;
}

/**
 * Reads the manifest of the knowledge base in a folder. Throws `KB_NOT_FOUND` if the folder contains no knowledge
 * base, `KB_DAMAGED` if the manifest is damaged, `KB_TOO_NEW` if a newer version of mmel wrote it, and
 * `FILE_UNREADABLE` if it cannot be read.
 */
export async function readManifest(target: string): Promise<PublishedManifest> {
  const path = join(target, MANIFEST);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw readFailure(error, path, notFound(target));
  });
  return parseManifest(text, target);
}

function parseManifest(text: string, target: string): PublishedManifest {
  const path = join(target, MANIFEST);
  const { seal, ...content } = parseObject(text, path);
  if (content.format !== FORMAT)
    throw seal === undefined ? notFound(target) : damaged(path, "it is not a manifest");
  if (seal !== sealOf(content, path)) throw damaged(path, "its contents do not match its checksum");
  if (typeof content.schema === "number" && content.schema > SCHEMA) throw tooNew(content.schema, path);
  const { format: _, ...published } = content;
  if (!isPublished(published)) throw damaged(path, "it does not describe a version");
  return published;
}

/** Returns whether the fields of a manifest have the types that `PublishedManifest` describes. */
function isPublished(content: object): content is PublishedManifest {
  const { name, version, schema, entities, names, folder, files } = content as Record<string, unknown>;
  return (
    [name, version, folder].every((field) => typeof field === "string") &&
    [schema, entities, names].every(isCount) &&
    versionNumber(folder as string) !== undefined &&
    typeof files === "object" &&
    files !== null &&
    Object.entries(files).every(([path, file]) => isInside(path) && isChecksum(file))
  );
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Returns whether a path of the manifest stays inside its folder. */
const isInside = (path: string): boolean =>
  path.split("/").every((part) => !["", ".", ".."].includes(part) && !/[\\:]/.test(part));

function isChecksum(file: unknown): file is FileChecksum {
  if (typeof file !== "object" || file === null || !("bytes" in file && isCount(file.bytes))) return false;
  const sum = "blocks" in file ? file.blocks : "sha256" in file ? file.sha256 : undefined;
  return typeof sum === "string" && /^[0-9a-f]*$/.test(sum);
}

function parseObject(text: string, path: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, "it is not JSON", cause);
  }
  if (typeof parsed !== "object" || parsed === null) throw damaged(path, "it is not a JSON object");
  return parsed as Record<string, unknown>;
}

/**
 * Computes a checksum that detects accidental changes to the manifest. The checksum does not protect against
 * deliberate changes. It is computed in the same way in every layout.
 */
function sealOf(content: object, path = MANIFEST): string {
  try {
    return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 16);
  } catch (cause) {
    throw damaged(path, "it is nested too deeply", cause);
  }
}

function tooNew(schema: number, path: string): MmelError {
  return new MmelError("KB_TOO_NEW", {
    what: `the knowledge base was created by a newer version of mmel (layout ${schema})`,
    where: path,
    expected: `layout ${SCHEMA} or older`,
    hint: "Run `npm install mmel@latest`, or import the knowledge base again.",
  });
}
