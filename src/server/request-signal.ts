import { setMaxListeners } from "node:events";
import type { FastifyReply } from "fastify";
import { MmelError } from "../core/index.js";

/**
 * Returns a signal that aborts with `ABORTED` if the caller disconnects before the response is sent, and with `TIMEOUT`
 * after `seconds`. Without `seconds`, there is no time limit.
 */
export function requestSignal(reply: FastifyReply, seconds?: number): AbortSignal & Disposable {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // every caption of a stream adds a listener
  const onClose = (): void => {
    if (!reply.raw.writableFinished)
      controller.abort(new MmelError("ABORTED", { what: "the caller disconnected" }));
  };
  const onTimeout = (): void =>
    controller.abort(
      new MmelError("TIMEOUT", { what: `the request was not completed within ${seconds} seconds` }),
    );
  const timer = seconds === undefined ? undefined : setTimeout(onTimeout, seconds * 1000);
  reply.raw.once("close", onClose);
  return Object.assign(controller.signal, {
    [Symbol.dispose]() {
      clearTimeout(timer);
      reply.raw.off("close", onClose);
    },
  });
}
