export {
  type Api,
  createApi,
  type LinkRequest,
  type SearchHit,
  type ServerInfo,
  type WireEntity,
} from "./client.js";
export { ApiError, type ApiFault } from "./error.js";
