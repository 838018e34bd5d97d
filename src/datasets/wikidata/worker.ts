import { workerData } from "node:worker_threads";
import { serveRequests } from "../../core/worker-channel.js";
import type { Answer, Question, Start } from "./scan-pool.js";
import { scanLines } from "./scan.js";

const { settings, limit } = workerData as Start;
const encoder = new TextEncoder();

serveRequests<Question, Answer>(
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
