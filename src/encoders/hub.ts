import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MmelError } from "../core/index.js";
import { makeFolder } from "../core/make-folder.js";
import { exists, INDEX, readShardIndex, WEIGHTS } from "./model-files.js";

export interface HubOptions {
  /** Folder for downloads, with a subfolder for each model and revision; default: `.cache/mmel` in the home folder. */
  readonly cache?: string;
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
}

const PINNED = /^((?:\w[\w.-]*\/)?\w[\w.-]*)@([0-9a-f]{40})$/;

/**
 * Returns whether a name has the format of a model on the hub: `ORGANISATION/NAME@COMMIT`, or `NAME@COMMIT` for models
 * without an organisation.
 */
export function isHubName(name: string): boolean {
  return PINNED.test(name);
}

/**
 * Returns the local folder of a text encoder or checkpoint from the Hugging Face hub. Downloads the files that are not
 * in the cache yet. The revision must be a commit, so that a name always refers to the same weights. Only this module
 * connects to the hub. Throws `USAGE` if the name does not have the format that `isHubName` checks, and `ABORTED` if
 * the signal fires. Throws `MODEL_NOT_FOUND` if the hub is unreachable or a file is missing, and `MODEL_DAMAGED` if the
 * index of the weights is malformed.
 */
export async function fetchFromHub(name: string, options: HubOptions = {}): Promise<string> {
  const { folder, fetch } = await openHub(name, options);
  for (const path of ["config.json", "tokenizer.json"])
    if (!(await fetch(path))) throw missingFile(path, name);
  if (await fetch(WEIGHTS)) return folder;
  if (!(await fetch(INDEX))) throw missingFile(`${WEIGHTS} or ${INDEX}`, name);
  for (const shard of new Set((await readShardIndex(join(folder, INDEX))).values()))
    if (!(await fetch(shard))) throw missingFile(shard, name);
  return folder;
}

/** A model on the hub and its folder in the cache. */
export interface HubModel {
  readonly folder: string;
  /** Downloads a file unless it is cached. Returns false if the file does not exist on the hub. */
  fetch(path: string): Promise<boolean>;
}

/**
 * Opens a model on the hub to download its files one by one. Throws `USAGE` if the name does not have the format that
 * `isHubName` checks. The returned `fetch` throws `MODEL_NOT_FOUND` if the hub is unreachable, and `ABORTED` if the
 * signal fires.
 */
export async function openHub(name: string, options: HubOptions): Promise<HubModel> {
  const [, repository, revision] = PINNED.exec(name) ?? [];
  if (repository === undefined || revision === undefined)
    throw new MmelError("USAGE", {
      what: `"${name}" is not the name and commit of a model on the Hugging Face hub`,
      expected: "ORGANISATION/NAME@COMMIT with the commit's 40 hexadecimal digits",
    });
  const { cache = join(homedir(), ".cache", "mmel") } = options;
  const folder = join(cache, `${repository.replace("/", "--")}@${revision}`);
  await makeFolder(folder);
  return { folder, fetch: (path) => fetchFile({ repository, revision, path, folder }, options) };
}

interface HubFile {
  readonly repository: string;
  readonly revision: string;
  readonly path: string;
  readonly folder: string;
}

/**
 * Downloads a file unless it is cached. Returns false if the file does not exist on the hub. Writes to a temporary file
 * first, so that files in the folder are always complete.
 */
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
    await makeFolder(dirname(target));
    const source = Readable.fromWeb(blob.stream() as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(source, createWriteStream(partial), { signal: options.signal });
    await rename(partial, target);
    return true;
  } catch (cause) {
    await rm(partial, { force: true });
    if (options.signal?.aborted) throw new MmelError("ABORTED", { what: "interrupted", cause });
    throw new MmelError("MODEL_NOT_FOUND", {
      what: `${path} cannot be downloaded from ${repository} (${cause instanceof Error ? cause.message : cause})`,
      where: "the Hugging Face hub",
      hint: "Download the model's folder on a machine with internet access, and pass its path instead of the name.",
      cause,
    });
  }
}

/** Creates the `MODEL_NOT_FOUND` error for a file that is missing from a model on the hub. */
export function missingFile(path: string, name: string): MmelError {
  return new MmelError("MODEL_NOT_FOUND", {
    what: `the model ${name} has no ${path}`,
    where: "the Hugging Face hub",
  });
}
