import { parentPort, workerData } from "node:worker_threads";
import { MmelError, throwIfAborted } from "../../core/index.js";
import { createHost } from "./host.js";
import type { EngineOptions, Host, Request, Response } from "./protocol.js";
import { buffersOf } from "./transfer.js";

if (parentPort !== null) serve(parentPort, createHost(workerData as EngineOptions));

interface Port {
  on(event: "message", listener: (request: Request) => void): unknown;
  postMessage(response: Response, transfer: ArrayBuffer[]): void;
}

/** Answers calls one after another in the order they came. A cancelled call that has not begun is not begun. */
function serve(port: Port, host: Host): void {
  const running = new Map<number, AbortController>();
  let last: Promise<void> = Promise.resolve();
  port.on("message", (request) => {
    if (request.kind === "cancel") {
      running.get(request.id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(request.id, controller);
    last = last.then(async () => {
      const response = await answer(host, request, controller.signal);
      running.delete(request.id);
      port.postMessage(response, response.kind === "result" ? buffersOf(response.result) : []);
    });
  });
}

async function answer(
  host: Host,
  { id, call, input }: Extract<Request, { kind: "call" }>,
  signal: AbortSignal,
): Promise<Response> {
  try {
    throwIfAborted(signal);
    const method = host[call] as (signal: AbortSignal, ...input: readonly unknown[]) => Promise<unknown>;
    return { kind: "result", id, result: await method(signal, ...input) };
  } catch (error) {
    return { kind: "error", id, ...described(error) };
  }
}

function described(error: unknown): Pick<Extract<Response, { kind: "error" }>, "code" | "detail"> {
  if (!(error instanceof MmelError)) return { code: "INTERNAL", detail: { what: String(error) } };
  const { cause: _, ...detail } = error.detail;
  return { code: error.code, detail };
}
