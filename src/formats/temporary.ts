import { createHash, randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

/** Identifies this machine in names of temporary files, because process numbers of another machine mean nothing here. */
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 6);

/** Returns a new path next to `target` for a temporary file that this process writes and then renames to `target`. */
export function temporaryPath(target: string): string {
  return join(dirname(target), `${prefixOf(target)}${process.pid}-${randomBytes(4).toString("hex")}.tmp`);
}

/** Removes the temporary files for `target` that killed processes on this machine left behind. Ignores failures. */
export async function removeAbandoned(target: string): Promise<void> {
  const folder = dirname(target);
  const prefix = prefixOf(target);
  for (const name of await readdir(folder).catch(() => [])) {
    const [, pid] = name.startsWith(prefix)
      ? (/^(\d+)-[0-9a-f]{8}\.tmp$/.exec(name.slice(prefix.length)) ?? [])
      : [];
    if (pid !== undefined && !isRunning(Number(pid)))
      await rm(join(folder, name), { force: true }).catch(() => {});
  }
}

const prefixOf = (target: string): string => `.${basename(target)}.${HOST}-`;

/** Returns whether a process of this machine is running. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
