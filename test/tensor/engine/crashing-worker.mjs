import { parentPort } from "node:worker_threads";

// Answers the first call and dies at the second, as a worker would that ran out of memory.
parentPort.once("message", ({ id }) => {
  parentPort.postMessage({ kind: "result", id, result: undefined });
  parentPort.once("message", () => process.exit(7));
});
