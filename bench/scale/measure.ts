import type { CandidateSource } from "../../src/candidates/index.js";
import type { Kind, Question } from "./questions.js";

/** Maximum number of candidates per mention. */
const LIMIT = 100;

/** Times and recall for one kind of question. Times are in milliseconds. `cpuP50` is the median CPU time of this process only. */
export interface Measured {
  readonly kind: Kind;
  /** Whether the generated people have a popularity value. */
  readonly popularity: boolean;
  readonly questions: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuP50: number;
  /** Mean CPU time per question of the PostgreSQL server, if it runs on this machine. */
  readonly serverCpuMean?: number;
  /** Share of questions whose candidates contain the person that the mention refers to. */
  readonly recall: number;
  /** Recall of an exact search, for the questions for which it was run. */
  readonly exactRecall?: number;
  /** Share of the exact search's candidates that the measured search also finds. */
  readonly overlap?: number;
  /** The share `overlap`, computed only for candidates with a name score of at least 0.75. */
  readonly overlapGood?: number;
}

/** Measures the search for each question in turn. Also runs an exact search for the first `compared` questions. */
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
    const ids = new Set(list.map(({ entity }) => entity.id));
    if (ids.has(gold)) counts.found++;
    lists.push(ids);
  }
  const server = serverTime() - before;
  for (const [index, { mention, gold }] of asked.slice(0, exact === undefined ? 0 : compared).entries()) {
    const [truth = []] = await exact!.candidates([mention], LIMIT);
    if (truth.some(({ entity }) => entity.id === gold)) counts.exactFound++;
    for (const { entity, nameScore } of truth) {
      counts.wanted++;
      if (lists[index]!.has(entity.id)) counts.kept++;
      if (nameScore < 0.75) continue;
      counts.good++;
      if (lists[index]!.has(entity.id)) counts.goodKept++;
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
