export { type Api, createApi } from "./client.js";
export { ApiError, type ApiFault } from "./error.js";
export type { LinkRequest, SearchHit, ServerInfo, WireEntity } from "./types.js";
