import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder } from "../core/temporary-folder.js";
import type { Manifest } from "../kb/index.js";

/** The demo's knowledge base in a temporary folder, which is deleted when the demo is disposed. */
export interface DemoKb extends AsyncDisposable {
  readonly folder: string;
  readonly kb: string;
  readonly manifest: Manifest;
  readonly images: string;
  /** Folder for the vectors of the demo's pictures. */
  readonly features: string;
}

export async function createDemoKb(signal: AbortSignal): Promise<DemoKb> {
  const { importKb } = await import("../linker/index.js");
  const { DEMO_IMAGES, demoEntities } = await import("./demo-files.js");
  const folder = createTemporaryFolder("mmel-demo-");
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const kb = join(folder, "kb");
  try {
    const manifest = await importKb(kb, demoEntities(), { name: "demo", signal });
    const features = join(folder, "vectors");
    return { folder, kb, manifest, images: DEMO_IMAGES, features, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
