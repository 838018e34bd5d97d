import type { FastifyRequest } from "fastify";
import { MmelError } from "../../core/index.js";

export interface ReceiveTimer {
  start(request: FastifyRequest): void;
  stop(request: FastifyRequest): void;
}

/**
 * Creates a timer that limits how long requests take to arrive. If a request is not completely received within
 * `seconds`, the timer closes the connection.
 */
export function createReceiveTimer(seconds: number): ReceiveTimer {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  return {
    start(request) {
      const onTimeout = (): void => {
        request.log.info("the request was not received in time");
        request.raw.destroy();
      };
      timers.set(request, setTimeout(onTimeout, seconds * 1000));
    },
    stop(request) {
      clearTimeout(timers.get(request));
    },
  };
}

export interface BodyBudget {
  /**
   * Reserves memory for a request's body. Throws `BUSY` if the reserved total would exceed the budget. While no memory
   * is reserved, a body of any size is accepted.
   */
  reserve(request: FastifyRequest): void;
  release(request: FastifyRequest): void;
}

/**
 * Creates a budget of `bytes` for all request bodies that are in memory at the same time. Each request reserves its
 * `Content-Length`. A request with a `Transfer-Encoding` header reserves `bodyBytes`, since its size is unknown.
 */
export function createBodyBudget(bytes: number, bodyBytes: number): BodyBudget {
  const reserved = new Map<FastifyRequest, number>();
  let total = 0;
  return {
    reserve(request) {
      const { "content-length": length, "transfer-encoding": encoding } = request.headers;
      const size = encoding === undefined ? Number(length ?? 0) : bodyBytes;
      if (total > 0 && total + size > bytes)
        throw new MmelError("BUSY", {
          what: "too many large requests are in progress",
          hint: "Retry later.",
        });
      reserved.set(request, size);
      total += size;
    },
    release(request) {
      total -= reserved.get(request) ?? 0;
      reserved.delete(request);
    },
  };
}
