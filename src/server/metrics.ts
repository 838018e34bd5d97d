import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What Prometheus reads; a registry of its own, so that several services may run in one process. */
export interface Metrics {
  readonly registry: Registry;
  request(route: string, method: string, status: number, seconds: number): void;
  round(captions: number, seconds: number): void;
  linked(mentions: number, nil: number): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMetrics(depth: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: "mmel_http_request_seconds",
    help: "Time from a request's headers to the end of its answer.",
    labelNames: ["route", "method", "status"],
    buckets: SECONDS,
    registers,
  });
  const rounds = new Histogram({
    name: "mmel_round_captions",
    help: "Captions that went through the linker in one round.",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024],
    registers,
  });
  const busy = new Counter({
    name: "mmel_linking_seconds_total",
    help: "Time in which the linker was at work.",
    registers,
  });
  const mentions = new Counter({
    name: "mmel_mentions_total",
    help: "Mentions answered, by outcome.",
    labelNames: ["outcome"],
    registers,
  });
  new Gauge({
    name: "mmel_queue_captions",
    help: "Captions accepted and not answered yet.",
    registers,
    collect() {
      this.set(depth());
    },
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
  };
}
