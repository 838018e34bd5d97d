export type { PackManifest } from "./format.js";
export { packKb } from "./pack.js";
export { type OpenPack, openPack } from "./unpack.js";
