import type { FastifyRequest } from "fastify";

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
