import type { FastifyRequest } from "fastify";
import { MmelError } from "../../core/index.js";

export interface ReceiveTimer {
  start(request: FastifyRequest): void;
  stop(request: FastifyRequest): void;
}

/** Creates timers that close the connection of each request that is not completely received within `seconds`. */
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
   * Reserves memory for a request's body. Throws `BUSY` if the total would exceed the budget, unless no other request
   * has reserved memory.
   */
  reserve(request: FastifyRequest): void;
  release(request: FastifyRequest): void;
}

/**
 * Creates a budget that limits the total size of all request bodies in memory to `bytes`. Until it is answered, each
 * request reserves its `Content-Length` or, with a `Transfer-Encoding`, `bodyBytes`.
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
