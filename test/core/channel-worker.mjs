import { setTimeout } from "node:timers/promises";
import { MmelError } from "../../dist/core/errors.js";
import { serveRequests } from "../../dist/core/worker-channel.js";

/** Each request is `{ verb, value }`. */
const verbs = {
  echo: (value) => value,
  later: (value) => setTimeout(5, value),
  double: (value) => value.map((x) => 2 * x),
  fail: (value) => {
    throw new MmelError("FORMAT", { what: "bad value", where: value, cause: () => "not copyable" });
  },
  crash: () => {
    throw new TypeError("no such thing");
  },
  uncopyable: () => () => {},
  untilAborted: (_, signal) =>
    new Promise((_, reject) => {
      const stop = () => reject(new MmelError("ABORTED", { what: "interrupted" }));
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
    }),
  wait: (value) => setTimeout(value, value),
  spin: () => {
    for (;;);
  },
  exit: (value) => process.exit(value),
  throwOutside: () => {
    queueMicrotask(() => {
      throw new Error("uncaught");
    });
    return setTimeout(1000);
  },
};

serveRequests(
  ({ verb, value }, signal) => verbs[verb](value, signal),
  (answer) => (ArrayBuffer.isView(answer) ? [answer.buffer] : []),
);
