export type { WorkLinker } from "./linker-in-use.js";
export { type Worked, type WorkOptions, work } from "./worker.js";
