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
  switch (request.kind) {
    case "find":
      return finder.find(request.names, request.limit);
    case "findAmong":
      return finder.findAmong(request.names, request.limit);
    case "namesIn":
      return finder.namesIn(request.texts);
  }
});
