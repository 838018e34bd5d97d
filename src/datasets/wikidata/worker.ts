import { parentPort, workerData } from "node:worker_threads";
import type { Answer, Question, Start } from "./pool.js";
import { scanLines } from "./scan.js";

/** Scans blocks of a dump for another thread: an answer to each question, in their order. */
function serve(port: NonNullable<typeof parentPort>, { settings, limit }: Start): void {
  const encoder = new TextEncoder();
  port.on("message", ({ bytes, line }: Question) => {
    const { drafts, labels, redirects, ...rest } = scanLines({ bytes, line }, settings, limit);
    const answer: Answer = {
      ...rest,
      drafts: encoder.encode(drafts),
      labels: encoder.encode(labels),
      redirects: encoder.encode(redirects),
    };
    port.postMessage(answer, [answer.drafts.buffer, answer.labels.buffer] as ArrayBuffer[]);
  });
}

if (parentPort !== null) serve(parentPort, workerData as Start);
