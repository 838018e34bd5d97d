export {
  type Api,
  createApi,
  type EntityAnswer,
  type LinkRequest,
  type SearchHit,
  type ServerInfo,
} from "./client.js";
export { ApiError, type ApiFault } from "./error.js";
export { patiently, sleep } from "./patiently.js";
export { createRequests, type Requests } from "./requests.js";
