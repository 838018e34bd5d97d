import { parentPort } from "node:worker_threads";

// Answers the first request and exits at the second, like a worker that runs out of memory.
parentPort.once("message", ({ id }) => {
  parentPort.postMessage({ kind: "answer", id, answer: undefined });
  parentPort.once("message", () => process.exit(7));
});
