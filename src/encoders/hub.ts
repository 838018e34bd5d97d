import { createWriteStream } from "node:fs";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MmelError } from "../core/index.js";
import { INDEX, readShardIndex, WEIGHTS } from "./model-files.js";

export interface HubOptions {
  /** Folder that keeps what was fetched, a folder below it for each model and revision; default: `.cache/mmel` in the home folder. */
  readonly cache?: string;
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
}

const PINNED = /^((?:\w[\w.-]*\/)?\w[\w.-]*)@([0-9a-f]{40})$/;

/** Whether a name looks like one on the hub, `ORGANISATION/NAME@REVISION`, and not like a folder. */
export function isHubName(name: string): boolean {
  return PINNED.test(name);
}

/**
 * The folder of a model of the Hugging Face hub, fetched into the cache unless it is there. The revision is a commit, so
 * that the same name always means the same weights. Nothing else in this project opens a connection to the hub.
 * `USAGE` for a name without a commit; `MODEL_NOT_FOUND` when the hub cannot be reached or lacks a file.
 */
export async function fetchFromHub(name: string, options: HubOptions = {}): Promise<string> {
  const { folder, fetch } = await openHub(name, options);
  for (const path of ["config.json", "tokenizer.json"]) if (!(await fetch(path))) throw absent(path, name);
  if (await fetch(WEIGHTS)) return folder;
  if (!(await fetch(INDEX))) throw absent(`${WEIGHTS} or ${INDEX}`, name);
  for (const shard of new Set((await readShardIndex(join(folder, INDEX))).values()))
    if (!(await fetch(shard))) throw absent(shard, name);
  return folder;
}

/** A model of the hub and the folder that its files are fetched into. */
export interface HubModel {
  readonly folder: string;
  /** Whether the hub has the file; if so it lies in the folder afterwards, complete. */
  fetch(path: string): Promise<boolean>;
}

/** The same file by file, for models of other forms. `USAGE`; `fetch`: `MODEL_NOT_FOUND` when the hub cannot be reached. */
export async function openHub(name: string, options: HubOptions): Promise<HubModel> {
  const [, repository, revision] = PINNED.exec(name) ?? [];
  if (repository === undefined || revision === undefined)
    throw new MmelError("USAGE", {
      what: `"${name}" does not name a model and a commit on the Hugging Face hub`,
      expected: "ORGANISATION/NAME@COMMIT with the commit's 40 hexadecimal digits",
    });
  const { cache = join(homedir(), ".cache", "mmel") } = options;
  const folder = join(cache, `${repository.replace("/", "--")}@${revision}`);
  await mkdir(folder, { recursive: true });
  return { folder, fetch: (path) => fetchFile({ repository, revision, path, folder }, options) };
}

interface HubFile {
  readonly repository: string;
  readonly revision: string;
  readonly path: string;
  readonly folder: string;
}

/** Whether the hub has the file; if so it lies in the folder afterwards, complete. */
async function fetchFile(
  { repository, revision, path, folder }: HubFile,
  options: HubOptions,
): Promise<boolean> {
  const target = join(folder, path);
  if (await exists(target)) return true;
  const partial = `${target}.${process.pid}.part`;
  try {
    const { downloadFile } = await import("@huggingface/hub");
    const fetching = options.fetch === undefined ? {} : { fetch: options.fetch };
    const blob = await downloadFile({ repo: repository, revision, path, ...fetching });
    if (blob === null) return false;
    await mkdir(dirname(target), { recursive: true });
    const source = Readable.fromWeb(blob.stream() as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(source, createWriteStream(partial), { signal: options.signal });
    await rename(partial, target);
    return true;
  } catch (cause) {
    await rm(partial, { force: true });
    if (options.signal?.aborted) throw new MmelError("ABORTED", { what: "interrupted", cause });
    throw new MmelError("MODEL_NOT_FOUND", {
      what: `${path} of ${repository} could not be fetched (${cause instanceof Error ? cause.message : cause})`,
      where: "the Hugging Face hub",
      hint: "fetching the folder on a machine with a connection and giving its path instead of the name",
      cause,
    });
  }
}

/** `MODEL_NOT_FOUND` for a file that a model of the hub should have. */
export function absent(path: string, name: string): MmelError {
  return new MmelError("MODEL_NOT_FOUND", { what: `${name} has no ${path}`, where: "the Hugging Face hub" });
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
