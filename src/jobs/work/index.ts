export { type Worked, type WorkOptions, work } from "./worker.js";
