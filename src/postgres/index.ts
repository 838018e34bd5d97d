export { type Address, isServerUrl, parseAddress, showTarget } from "./address.js";
export { type ConnectionOptions, connect, connectionConfig, disconnect } from "./connect.js";
export { assertUtf8 } from "./encoding.js";
export { codeOf, explain, isTransient, type Kind, kindOf, type Subject, type Word } from "./errors.js";
export { DEFAULT_PATIENCE_MS, type Patience, withRetries } from "./retry.js";
export { explainRights, type NeededRights } from "./rights.js";
export { afterAbort, createSockets, LAST_ANSWER_MS, type Sockets, settleOrCut } from "./sockets.js";
