export { verifyBuffers } from "./self-test.js";
export { openSession, type RunBuffers, type Session, type SessionOptions } from "./session.js";
export { type CacheBounds, createSessionCache, type SessionCache } from "./session-cache.js";
export type { Tensor, Tensors } from "./tensor.js";
