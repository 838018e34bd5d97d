import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

export interface Place {
  /** Folder with the inputs. Commands do not change it. */
  readonly given: string;
  /** Folder to write to. */
  readonly out: string;
  /** URL of an empty database; "" for commands without `server`. */
  readonly url: string;
}

/** A row of the table: a command, or several in a sequence, and how to judge what they leave behind. */
export interface FaultCommand {
  readonly name: string;
  /** Whether the command needs PostgreSQL. */
  readonly server?: boolean;
  /** Creates the inputs. */
  readonly prepare: (given: string) => Promise<void>;
  /** Fills the output folder before the command runs. */
  readonly before?: (place: Place) => Promise<void>;
  /** Arguments of the commands. */
  readonly run: (place: Place) => readonly (readonly string[])[];
  /** Arguments to continue after a fault. Default: the same commands again. */
  readonly again?: (place: Place) => readonly (readonly string[])[];
  /** Files with random names that belong to the output, by path. */
  readonly own?: RegExp;
  /** Throws if something incomplete is taken for complete. `whole` is the place of an undisturbed run. */
  readonly check: (place: Place, whole: Place) => Promise<void>;
  /** Describes the complete result, including its bytes. It must be the same after every fault. */
  readonly result: (place: Place) => Promise<unknown>;
}

/** Paths of all files below a folder, with `N` for every number and random name. */
export async function shapeOf(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .map((path) => path.replaceAll(/[0-9a-f]{8,}|\d+/g, "N"));
  return [...new Set(names)].sort();
}

export async function hashOf(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}

export async function hashesOf(folder: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) hashes[name] = await hashOf(join(folder, name));
  return hashes;
}
