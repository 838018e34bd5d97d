import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import { SCHEMA } from "../content.js";
import type { Manifest } from "../store.js";
import { damaged, notFound, readFailure } from "./errors.js";
import { MANIFEST, versionNumber } from "./folder.js";

const FORMAT = "mmel-kb";

export interface FileSeal {
  readonly bytes: number;
  readonly sha256: string;
}

/** What manifest.json says: the version, and the folder and files that hold it. */
export interface PublishedManifest extends Manifest {
  readonly folder: string;
  /** Path below `folder`, with `/` → its size and hash. */
  readonly files: Readonly<Record<string, FileSeal>>;
}

export function formatManifest(published: PublishedManifest): string {
  const { name, version, schema, entities, names, folder, files } = published;
  const content = { format: FORMAT, name, version, schema, entities, names, folder, files };
  return `${JSON.stringify({ ...content, seal: sealOf(content) }, null, 2)}\n`;
}

/** `KB_NOT_FOUND`, `KB_DAMAGED`, `KB_TOO_NEW`, `FILE_UNREADABLE`. */
export async function readManifest(target: string): Promise<PublishedManifest> {
  return parseManifest(await readText(target), target);
}

async function readText(target: string): Promise<string> {
  try {
    return await readFile(join(target, MANIFEST), "utf8");
  } catch (error) {
    throw readFailure(error, join(target, MANIFEST), notFound(target));
  }
}

function parseManifest(text: string, target: string): PublishedManifest {
  const path = join(target, MANIFEST);
  const { seal, ...content } = parseObject(text, path);
  if (content.format !== FORMAT) throw notFound(target);
  if (typeof content.schema === "number" && content.schema > SCHEMA) throw tooNew(content.schema, path);
  if (seal !== sealOf(content)) throw damaged(path, "its contents do not match its seal");
  const { format: _, ...published } = content as unknown as PublishedManifest & { format: string };
  if (versionNumber(published.folder) === undefined) throw damaged(path, "it names no version");
  return published;
}

function parseObject(text: string, path: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, "it is no JSON", cause);
  }
  if (typeof parsed !== "object" || parsed === null) throw damaged(path, "it is no JSON object");
  return parsed as Record<string, unknown>;
}

/** Tells an altered manifest from the one that was written; whoever alters on purpose can seal it again. */
function sealOf(content: object): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 16);
}

function tooNew(schema: number, path: string): MmelError {
  return new MmelError("KB_TOO_NEW", {
    what: `the knowledge base has layout ${schema}, made by a newer version of mmel`,
    where: path,
    expected: `layout ${SCHEMA} or older`,
    hint: "npm install mmel@latest, or import the knowledge base again",
  });
}
