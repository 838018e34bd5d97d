import { loadNative } from "../../core/native.js";

/** Loads sharp. Throws `INSTALLATION` if it cannot be loaded. */
export async function loadSharp(): Promise<typeof import("sharp").default> {
  return (await loadNative("sharp", () => import("sharp"))).default;
}
