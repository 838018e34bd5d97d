import { workerData } from "node:worker_threads";
import { serveRequests } from "../../core/worker-channel.js";
import { type Lines, scanLines } from "./scan.js";
import type { ScanAnswer, ScanWorkerData } from "./scan-pool.js";

const { settings, limit } = workerData as ScanWorkerData;
const encoder = new TextEncoder();

serveRequests<Lines, ScanAnswer>(
  (lines) => {
    const { drafts, labels, redirects, ...rest } = scanLines(lines, settings, limit);
    return {
      ...rest,
      drafts: encoder.encode(drafts),
      labels: encoder.encode(labels),
      redirects: encoder.encode(redirects),
    };
  },
  ({ drafts, labels }) => [drafts.buffer, labels.buffer] as ArrayBuffer[],
);
