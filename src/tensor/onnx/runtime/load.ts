import { isMainThread } from "node:worker_threads";
import { MmelError } from "../../../core/index.js";
import { loadNative } from "../../../core/native.js";

const SWITCH = "ORT_DISABLE_TELEMETRY";

/**
 * Switches off onnxruntime's telemetry, which is on by default: it sends events to Microsoft and writes an id of the
 * device into the user's cache folder. Call this before anything loads onnxruntime, and before a worker thread starts that
 * will load it. The library reads the environment of the process, and only the main thread can change that: a worker
 * thread has a copy. Throws `CONFIG` in a worker thread if the main thread has not switched the telemetry off.
 */
export function disableTelemetry(): void {
  if (isMainThread) process.env[SWITCH] = "1";
  else if (process.env[SWITCH] !== "1")
    throw new MmelError("CONFIG", {
      what: "onnxruntime would send usage data to its maker, and a worker thread cannot switch that off",
      where: SWITCH,
      expected: `the environment variable ${SWITCH}=1`,
      hint: `Set \`process.env.${SWITCH} = "1"\` in the main thread before the worker starts, or \`${SWITCH}=1\` before the process starts.`,
    });
}

/**
 * Loads onnxruntime without its telemetry. Throws `INSTALLATION` if it cannot be loaded, and the error of
 * `disableTelemetry`.
 */
export async function loadOnnxruntime(): Promise<typeof import("onnxruntime-node")> {
  disableTelemetry();
  return loadNative("onnxruntime-node", () => import("onnxruntime-node"));
}
