import { parentPort, workerData } from "node:worker_threads";
import { MmelError } from "../core/index.js";
import { readTables } from "./file.js";
import { createFinder } from "./finder.js";
import type { Answer, Question, Start } from "./threaded-finder.js";

/** Searches an index file for another thread: first the index's version, then an answer to each question, in order. */
async function serve(port: NonNullable<typeof parentPort>, { file, options }: Start): Promise<void> {
  const send = (answer: Answer): void => port.postMessage(answer);
  try {
    const { tables, version } = await readTables(file);
    const finder = createFinder(tables, options);
    send({ kind: "open", version });
    port.on("message", async ({ id, names, limit }: Question) => {
      try {
        send({ kind: "found", id, found: await finder.find(names, limit) });
      } catch (error) {
        send(failure(error, id));
      }
    });
  } catch (error) {
    send(failure(error));
  }
}

function failure(error: unknown, id?: number): Answer {
  const of = id === undefined ? {} : { id };
  if (!(error instanceof MmelError))
    return { kind: "failed", ...of, code: "INTERNAL", detail: { what: String(error) } };
  const { cause: _, ...detail } = error.detail;
  return { kind: "failed", ...of, code: error.code, detail };
}

if (parentPort !== null) await serve(parentPort, workerData as Start);
