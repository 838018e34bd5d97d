import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Clears what a kill left in the middle of replacing the checkpoint: drafts go, and the old checkpoint, if it had
 * stepped aside and none had taken its place, comes back.
 */
export async function clearLeftovers(output: string): Promise<void> {
  const names = await readdir(output);
  const drafts = names.filter((name) => /^\.model\.\d+\.tmp(\.old)?$/.test(name));
  const old = drafts.find((name) => name.endsWith(".old"));
  if (old !== undefined && !names.includes("model")) await rename(join(output, old), join(output, "model"));
  for (const name of drafts) await rm(join(output, name), { recursive: true, force: true });
}
