import type { FastifyRequest } from "fastify";
import { MmelError } from "../../core/index.js";

/** Ends the connection of a caller that takes too long to send its request; cleared when the request is there. */
export function createReceiveTimer(seconds: number): {
  start(request: FastifyRequest): void;
  stop(request: FastifyRequest): void;
} {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  return {
    start(request) {
      const late = (): void => {
        request.log.info("the request did not come in in time");
        request.raw.destroy();
      };
      timers.set(request, setTimeout(late, seconds * 1000));
    },
    stop(request) {
      clearTimeout(timers.get(request));
    },
  };
}

/**
 * Keeps the bodies of all requests together below a bound: each takes what it says its body has, or the most it may, until it is answered.
 * `BUSY` when there is no room; one request alone always has some.
 */
export function createBodyRoom(bytes: number, mostOfOne: number) {
  const taken = new Map<FastifyRequest, number>();
  let sum = 0;
  return {
    take(request: FastifyRequest): void {
      const { "content-length": length, "transfer-encoding": chunked } = request.headers;
      const own = chunked === undefined ? Number(length ?? 0) : mostOfOne;
      if (sum > 0 && sum + own > bytes)
        throw new MmelError("BUSY", { what: "the requests that came before are large" });
      taken.set(request, own);
      sum += own;
    },
    give(request: FastifyRequest): void {
      sum -= taken.get(request) ?? 0;
      taken.delete(request);
    },
  };
}
