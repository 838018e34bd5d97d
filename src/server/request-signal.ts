import { setMaxListeners } from "node:events";
import type { FastifyReply } from "fastify";
import { MmelError } from "../core/index.js";

/** Fires when the caller has left before the answer was out, or when the answer took longer than `seconds`. */
export function untilLeft(reply: FastifyReply, seconds?: number): AbortSignal & Disposable {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // every caption of a stream listens
  const left = (): void => {
    if (!reply.raw.writableFinished) controller.abort(new MmelError("ABORTED", { what: "the caller left" }));
  };
  const late = (): void =>
    controller.abort(new MmelError("TIMEOUT", { what: `no answer within ${seconds} seconds` }));
  const timer = seconds === undefined ? undefined : setTimeout(late, seconds * 1000);
  reply.raw.once("close", left);
  return Object.assign(controller.signal, {
    [Symbol.dispose]() {
      clearTimeout(timer);
      reply.raw.off("close", left);
    },
  });
}
