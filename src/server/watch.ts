import type { FastifyBaseLogger } from "fastify";
import type { Reloaded } from "./knowledge.js";
import type { Service } from "./service.js";

/** Reloads the knowledge base (see `Knowledge.reload`), logs the result and counts it in the metrics. */
export async function reloadKnowledge(
  { knowledge, metrics }: Pick<Service, "knowledge" | "metrics">,
  log: FastifyBaseLogger,
): Promise<Reloaded> {
  try {
    const reloaded = await knowledge.reload();
    if (reloaded.previous === undefined) return reloaded;
    metrics.reloaded("replaced");
    log.info(reloaded, "the knowledge base was replaced");
    return reloaded;
  } catch (error) {
    metrics.reloaded("failed");
    const { kb } = knowledge.current();
    log.error(
      { kb, err: error },
      "the new version of the knowledge base cannot be opened; the old one stays in use",
    );
    throw error;
  }
}

/**
 * Reloads the knowledge base every `seconds`. After a failure, waits up to 16 times longer each time, so that a damaged
 * version does not fill the log. Stops when the result is disposed.
 */
export function watchKnowledge(reload: () => Promise<unknown>, seconds: number): Disposable {
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const wait = (): void => {
    if (!stopped) timer = setTimeout(check, 1000 * seconds * 2 ** Math.min(failures, 4)).unref();
  };
  const check = (): void => {
    void reload()
      .then(
        () => {
          failures = 0;
        },
        () => {
          failures += 1; // `reload` logs the error
        },
      )
      .then(wait);
  };
  wait();
  return {
    [Symbol.dispose]: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
