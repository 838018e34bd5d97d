import type { Manifest } from "../kb/index.js";
import { openPack } from "../kb/pack/index.js";
import { type ImportKbOptions, importKb } from "./import-kb.js";

/**
 * Makes a knowledge base at `target`, on any driver, of a file that `packKb` wrote; the version is the one that was
 * packed. Atomic as `importKb`: readers see nothing of a file that fails its checks (`FORMAT`, `KB_DAMAGED`).
 */
export async function unpackKb(
  file: string,
  target: string,
  options: Omit<ImportKbOptions, "confirm"> = {},
): Promise<Manifest> {
  await using pack = await openPack(file, options.signal);
  return await importKb(target, pack.entities(), { name: pack.manifest.name, ...options });
}
