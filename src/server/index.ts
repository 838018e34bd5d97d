export type { Limits } from "./limits.js";
export { type Server, type ServerOptions, startServer } from "./start.js";
