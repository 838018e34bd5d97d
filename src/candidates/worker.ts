import { workerData } from "node:worker_threads";
import { serveRequests } from "../core/worker-channel.js";
import { readTables } from "./index-file.js";
import { createFinder, type Finder } from "./finder.js";
import type { Answer, Request, Start } from "./threaded-finder.js";

const { file, options } = workerData as Start;

async function open(): Promise<{ readonly finder: Finder; readonly version: string }> {
  const { tables, version } = await readTables(file);
  return { finder: createFinder(tables, options), version };
}

let opened: ReturnType<typeof open> | undefined;

serveRequests<Request, Answer>(async (request) => {
  opened ??= open();
  const { finder, version } = await opened;
  return request.kind === "open" ? version : finder.find(request.names, request.limit);
});
