export type { PackManifest } from "./manifest.js";
export { type OpenPack, openPack } from "./open.js";
export { packKb } from "./pack.js";
