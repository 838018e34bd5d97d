import { randomUUID } from "node:crypto";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import { makeFolder } from "../../core/make-folder.js";
import { lockFolder } from "../../kb/folder-lock.js";
import { currentManifest, type Manifest, removeUnfinished } from "../../kb/index.js";
import { writeFailure } from "../../kb/sqlite/errors.js";

/** A catalogue in the folder: a knowledge base whose `Manifest.name` is the title that its user chose. */
export interface StoredCatalogue {
  /** Name of its folder, which requests use. */
  readonly name: string;
  readonly manifest: Manifest;
  /** Time of the last import or update. */
  readonly updated: Date;
}

/**
 * A folder of catalogues. Each is a knowledge base in a subfolder, which `mmel link --kb` can use, too. One service at a
 * time uses the folder.
 */
export interface CatalogueFolder extends AsyncDisposable {
  /** Folder for uploads and other temporary files. It is deleted when the service ends, or when the next one starts. */
  readonly staging: string;
  /** Returns the folder of a catalogue, whether it exists or not. The name must be valid (see `isCatalogueName`). */
  readonly pathOf: (name: string) => string;
  /** Returns the catalogue with this name; undefined if there is none. */
  find(name: string): Promise<StoredCatalogue | undefined>;
  /** Returns the names of all folders, whether they are catalogues or not. */
  names(): Promise<string[]>;
  /** Returns all catalogues, sorted by name. Leaves out those whose manifest cannot be read. */
  list(): Promise<StoredCatalogue[]>;
  /** Deletes a catalogue at once: a service that ends meanwhile leaves no half of it. */
  remove(name: string): Promise<void>;
}

const STAGING = "unfinished";

/**
 * Opens a folder of catalogues, creates it if necessary, and removes what a killed service left there. Throws `KB_BUSY`
 * if another service uses the folder, and `FILE_UNWRITABLE` if it cannot be written.
 */
export async function openCatalogueFolder(folder: string): Promise<CatalogueFolder> {
  const staging = join(folder, STAGING);
  await writing(folder, () => makeFolder(folder));
  const lock = lockCatalogues(folder);
  try {
    await writing(folder, () => clear(folder, staging));
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
  const pathOf = (name: string): string => join(folder, name);
  const find = async (name: string): Promise<StoredCatalogue | undefined> =>
    isCatalogueName(name) ? await readCatalogue(name, pathOf(name)) : undefined;
  return {
    staging,
    pathOf,
    find,
    names: () => namesIn(folder),
    async list() {
      const found = await Promise.all((await namesIn(folder)).map(find));
      return found.filter((one) => one !== undefined);
    },
    async remove(name) {
      const gone = join(staging, randomUUID());
      await writing(folder, () => rename(pathOf(name), gone));
      await rm(gone, { recursive: true, force: true }).catch(() => {}); // on Windows, files that are still read stay until the service ends
    },
    async [Symbol.asyncDispose]() {
      await rm(staging, { recursive: true, force: true }).catch(() => {});
      lock[Symbol.dispose]();
    },
  };
}

function lockCatalogues(folder: string): Disposable {
  try {
    return lockFolder(folder);
  } catch (error) {
    if (!(error instanceof MmelError) || error.code !== "KB_BUSY") throw error;
    throw new MmelError("KB_BUSY", {
      what: "another service uses this folder of catalogues",
      where: folder,
      hint: "Stop the other service, or choose another folder.",
      cause: error,
    });
  }
}

/** Removes what killed imports, uploads and deletions left behind, and creates the folder for temporary files. */
async function clear(folder: string, staging: string): Promise<void> {
  await rm(staging, { recursive: true, force: true });
  for (const name of await namesIn(folder))
    await removeUnfinished(join(folder, name)).catch((error: unknown) => {
      if (!(error instanceof MmelError)) throw error; // `mmel kb import` is running, or a newer mmel wrote it
    });
  await makeFolder(staging);
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && isCatalogueName(entry.name))
    .map(({ name }) => name)
    .sort();
}

async function readCatalogue(name: string, path: string): Promise<StoredCatalogue | undefined> {
  try {
    const manifest = await currentManifest(path);
    return { name, manifest, updated: await updatedAt(path) };
  } catch (error) {
    if (error instanceof MmelError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Returns the time of the last import into a folder with a knowledge base. */
export const updatedAt = async (path: string): Promise<Date> =>
  (await stat(join(path, "manifest.json"))).mtime;

async function writing<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw writeFailure(error, folder);
  }
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
/** Names that are not free in every file system or in this folder. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d|unfinished)$/;

/** Returns whether a text may be the name of a catalogue: lower-case letters, digits and hyphens. */
export const isCatalogueName = (text: string): boolean => NAME.test(text) && !RESERVED.test(text);

/** Returns a valid name for a title: `Bühler & Söhne` → `buhler-sohne`. */
export function catalogueName(title: string): string {
  const name = title
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .replaceAll(/^-|-$/g, "");
  return isCatalogueName(name) ? name : name === "" ? "catalogue" : `${name}-1`;
}

/** Returns `name`, or `name` with the first free number, such as `people-2`. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const next = number === 1 ? name : `${name}-${number}`;
    if (!isTaken(next)) return next;
  }
}
