import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Small file systems in memory, for tests of full and read-only disks. */
export interface Disks {
  /** Mounts an empty file system of this size, such as `1m`. */
  mount(folder: string, size: string): void;
  /** Makes `folder` available at `at` as well, where nothing can be written. */
  mountReadOnly(folder: string, at: string): void;
  /** Makes a mounted file system read-only, or writable again. */
  remount(folder: string, mode: "ro" | "rw"): void;
  unmount(folder: string): void;
}

/** Returns undefined without permission to mount. */
export function findDisks(): Disks | undefined {
  const shell = (command: string, folder: string): void => {
    execFileSync("/bin/sh", ["-c", `${command} "$1"`, "sh", folder], { stdio: "ignore" });
  };
  const mount = (folder: string, size: string): void => shell(`mount -t tmpfs -o size=${size} tmpfs`, folder);
  const unmount = (folder: string): void => shell("umount -l", folder);
  const probe = mkdtempSync(join(tmpdir(), "mmel-disk-"));
  try {
    mount(probe, "1m");
    unmount(probe);
  } catch {
    return undefined;
  } finally {
    rmdirSync(probe);
  }
  return {
    mount,
    unmount,
    remount: (folder, mode) => shell(`mount -o remount,${mode}`, folder),
    mountReadOnly(folder, at) {
      shell(`mount --bind "${folder}"`, at);
      shell("mount -o remount,ro,bind", at);
    },
  };
}
