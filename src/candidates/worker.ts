import { workerData } from "node:worker_threads";
import { serveRequests } from "../core/worker-channel.js";
import { openFinder } from "./search.js";
import type { Answer, Request, Start } from "./threaded-finder.js";

const { file, options } = workerData as Start;

let opened: ReturnType<typeof openFinder> | undefined;

serveRequests<Request, Answer>(async (request) => {
  opened ??= openFinder(file, options);
  const { finder, version } = await opened;
  if (request.kind === "open") return version;
  return request.kind === "find" ? finder.find(request.names, request.limit) : finder.namesIn(request.texts);
});
