import { isMainThread, Worker, workerData } from "node:worker_threads";
import { verifyBuffers } from "../../dist/tensor/onnx/runtime/self-test.js";

// Loads onnxruntime in a thread that mmel has not started. With the argument `main`, the main thread first switches the
// telemetry off.
if (isMainThread) {
  if (process.argv[2] === "main") process.env.ORT_DISABLE_TELEMETRY = "1";
  new Worker(new URL(import.meta.url), { workerData: "thread" });
} else if (workerData === "thread") {
  const report = (error) => console.log(`${error.code}: ${error.message}`);
  await verifyBuffers().then(() => console.log("loaded"), report);
}
