import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { MmelError } from "./errors.js";

/** A dependency that contains a binary for each platform. */
export type NativePart = "libsql" | "onnxruntime-node" | "sharp";

/** The root of this package. The relative path is the same from `src/core/` and `dist/core/`. */
const PACKAGE = resolve(fileURLToPath(new URL("../../", import.meta.url)));

/** Loads a native part. Throws `INSTALLATION` if its binary is missing or does not fit this machine. */
export async function loadNative<T>(part: NativePart, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw missingNative(part, cause);
  }
}

/** Creates an `INSTALLATION` error. `cause` is the error of Node.js when it loaded the part. */
export function missingNative(part: NativePart, cause: unknown): MmelError {
  const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
  return new MmelError("INSTALLATION", {
    what: `${part} cannot be loaded (${reason})`,
    where: `${process.platform}-${process.arch}`,
    expected: "Linux with glibc, Windows or macOS on Apple silicon, and a complete installation for it",
    hint: reinstall(PACKAGE),
    cause,
  });
}

/**
 * Returns the instruction to install the dependencies of a package again. The package is either a checkout or within a
 * `node_modules` folder.
 */
export function reinstall(packageFolder: string): string {
  const [project] = packageFolder.split(/[\\/]node_modules[\\/]/) as [string];
  return existsSync(join(project, "package-lock.json"))
    ? `Run \`npm ci --include=optional\` in ${project}.`
    : `Delete ${join(project, "node_modules")} and install mmel again, with optional dependencies.`;
}
