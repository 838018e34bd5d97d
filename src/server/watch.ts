import type { FastifyBaseLogger } from "fastify";
import type { Reloaded } from "./knowledge.js";
import type { Service } from "./service.js";

/**
 * Reloads an open catalogue (see `Knowledge.reload`), logs the result and counts it in the metrics. Returns undefined if
 * the catalogue is not open.
 */
export async function reloadCatalogue(
  { catalogues, metrics }: Pick<Service, "catalogues" | "metrics">,
  name: string,
  log: FastifyBaseLogger,
): Promise<Reloaded | undefined> {
  try {
    const reloaded = await catalogues.reload(name);
    if (reloaded?.previous === undefined) return reloaded;
    metrics.reloaded("replaced");
    log.info({ catalogue: name, ...reloaded }, "the knowledge base was replaced");
    return reloaded;
  } catch (error) {
    metrics.reloaded("failed");
    log.error(
      { catalogue: name, kb: catalogues.inUse().get(name), err: error },
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
