import type { CandidateSource } from "../../src/candidates/index.js";
import type { Kind, Question } from "./questions.js";

/** Candidates a mention gets. */
const LIMIT = 100;

/** What one kind of question took and found. Times in milliseconds; `cpu` counts only this process's. */
export interface Measured {
  readonly kind: Kind;
  /** Whether the people have popularity. */
  readonly popularity: boolean;
  readonly questions: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuP50: number;
  /** Of a server on this machine, for one name on the average. */
  readonly serverCpuMean?: number;
  /** Share of the questions whose person is among the candidates. */
  readonly recall: number;
  /** The same of the exact lists, on the questions that they were made for. */
  readonly exactRecall?: number;
  /** Share of the exact lists' candidates that the lists hold, and of those with a score of at least 0.75. */
  readonly overlap?: number;
  readonly overlapGood?: number;
}

/** Asks one by one, as a person in a hurry does; the exact lists are made for the first `compared` questions. */
export async function measure(
  source: CandidateSource,
  exact: CandidateSource | undefined,
  asked: readonly Question[],
  compared: number,
  serverTime: () => number,
): Promise<Omit<Measured, "kind" | "popularity">> {
  const times: number[] = [];
  const cpus: number[] = [];
  const lists: ReadonlySet<string>[] = [];
  const counts = { found: 0, exactFound: 0, wanted: 0, kept: 0, good: 0, goodKept: 0 };
  const before = serverTime();
  for (const { mention, gold } of asked) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const [list = []] = await source.candidates([mention], LIMIT);
    times.push(performance.now() - start);
    const { user, system } = process.cpuUsage(cpu);
    cpus.push((user + system) / 1000);
    const held = new Set(list.map(({ entity }) => entity.id));
    if (held.has(gold)) counts.found++;
    lists.push(held);
  }
  const server = serverTime() - before;
  for (const [at, { mention, gold }] of asked.slice(0, exact === undefined ? 0 : compared).entries()) {
    const [truth = []] = await exact!.candidates([mention], LIMIT);
    if (truth.some(({ entity }) => entity.id === gold)) counts.exactFound++;
    for (const { entity, nameScore } of truth) {
      counts.wanted++;
      if (lists[at]!.has(entity.id)) counts.kept++;
      if (nameScore < 0.75) continue;
      counts.good++;
      if (lists[at]!.has(entity.id)) counts.goodKept++;
    }
  }
  const least = Math.min(compared, asked.length);
  return {
    questions: asked.length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    cpuP50: quantile(cpus, 0.5),
    ...(server > 0 && { serverCpuMean: Math.round((10 * server) / asked.length) / 10 }),
    recall: counts.found / asked.length,
    ...(exact !== undefined && {
      exactRecall: counts.exactFound / least,
      overlap: counts.kept / counts.wanted,
      overlapGood: counts.goodKept / Math.max(1, counts.good),
    }),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(100 * sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!) / 100;
}
