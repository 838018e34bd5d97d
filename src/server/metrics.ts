import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Prometheus metrics. Each service has its own registry, so several services can run in one process. */
export interface Metrics {
  readonly registry: Registry;
  /** Records a request and its response. */
  request(route: string, method: string, status: number, seconds: number): void;
  /** Records one round of linking. */
  round(captions: number, seconds: number): void;
  /** Counts the mentions in a linked caption. `nil` is the number of these mentions that have the outcome NIL. */
  linked(mentions: number, nil: number): void;
  /** Counts a new version of the knowledge base that was opened, or could not be opened. */
  reloaded(outcome: "replaced" | "failed"): void;
}

/** The state of the service that the metrics report. */
export interface MetricsState {
  /** Returns the number of captions in the queues. */
  readonly depth: () => number;
  /** Returns `NAME@VERSION` of each open version, and whether new requests use it. */
  readonly open: () => readonly { readonly kb: string; readonly isCurrent: boolean }[];
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Creates the metrics. */
export function createMetrics({ depth, open }: MetricsState): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: "mmel_http_request_seconds",
    help: "Time from receiving a request's headers to the end of the response.",
    labelNames: ["route", "method", "status"],
    buckets: SECONDS,
    registers,
  });
  const rounds = new Histogram({
    name: "mmel_round_captions",
    help: "Captions linked in one round.",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024],
    registers,
  });
  const busy = new Counter({
    name: "mmel_linking_seconds_total",
    help: "Time spent linking.",
    registers,
  });
  const mentions = new Counter({
    name: "mmel_mentions_total",
    help: "Mentions linked, by outcome.",
    labelNames: ["outcome"],
    registers,
  });
  new Gauge({
    name: "mmel_queue_captions",
    help: "Captions waiting or being linked.",
    registers,
    collect() {
      this.set(depth());
    },
  });
  new Gauge({
    name: "mmel_kb_info",
    help: "Open versions of the knowledge bases: 1 for the version of new requests, 0 for versions that only unfinished requests use.",
    labelNames: ["kb"],
    registers,
    collect() {
      this.reset();
      for (const { kb, isCurrent } of open()) this.set({ kb }, Number(isCurrent));
    },
  });
  const reloads = new Counter({
    name: "mmel_kb_reloads_total",
    help: "New versions of the knowledge base, by outcome.",
    labelNames: ["outcome"],
    registers,
  });
  return {
    registry,
    request: (route, method, status, seconds) =>
      requests.observe({ route, method, status: String(status) }, seconds),
    round(captions, seconds) {
      rounds.observe(captions);
      busy.inc(seconds);
    },
    linked(all, nil) {
      mentions.inc({ outcome: "linked" }, all - nil);
      mentions.inc({ outcome: "nil" }, nil);
    },
    reloaded: (outcome) => reloads.inc({ outcome }),
  };
}
