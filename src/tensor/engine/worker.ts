import { workerData } from "node:worker_threads";
import { serveRequests } from "../../core/worker-channel.js";
import { createHost } from "./host.js";
import { type Answer, buffersOf, type EngineOptions, type Request } from "./protocol.js";

const host = createHost(workerData as EngineOptions);

serveRequests<Request, Answer>(({ call, input }, signal) => {
  const method = host[call] as (signal: AbortSignal, ...input: readonly unknown[]) => Promise<Answer>;
  return method(signal, ...input);
}, buffersOf);
