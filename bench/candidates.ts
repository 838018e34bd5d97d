/**
 * Measures recall and speed of the candidate search and prints a JSON object.
 * `npx tsx bench/candidates.ts [train|dev] [FOLDER]` reads Wikidata-MEL from FOLDER and uses all mentions in one split.
 * `npx tsx bench/candidates.ts --names 1000000` uses generated people instead. `mentionsPerCpuSecond` is based on the
 * CPU time of this process, which is more reliable than wall time on a shared machine.
 */
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildCandidateIndex,
  type CandidateSource,
  createCandidateSource,
  measureRecall,
  openCandidateIndex,
} from "../src/candidates/index.js";
import { createRandom, type Entity } from "../src/core/index.js";

const LIMIT = 100;
const CUTS = [1, 5, 10, 20, 30, 50, 100];

interface Question {
  readonly mention: string;
  readonly gold: string;
}

const [first = "dev", second] = process.argv.slice(2);
const result = first === "--names" ? await generated(Number(second)) : await published(first, second);
console.log(JSON.stringify(result, null, 1));

async function published(split: string, folder = "../shared/data/wikimel"): Promise<object> {
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const captions = read("Wikidata-MEL.json");
  const labels: Record<string, string> = read("qid2ne.json");
  const entities = Object.entries(labels).map(([id, label]) => person(id, label));
  const questions = read("splits.json")[split].flatMap((id: string): Question[] =>
    captions[id].mentions.map((mention: string, index: number) => ({
      mention,
      gold: captions[id].answer[index],
    })),
  );
  const start = performance.now();
  const exact = createCandidateSource(entities, { exact: true });
  const buildSeconds = (performance.now() - start) / 1000;
  const indexed = createCandidateSource(entities);
  return {
    split,
    entities: entities.length,
    mentions: questions.length,
    buildSeconds,
    exact: await ask(exact, questions),
    indexed: await ask(indexed, questions),
    indexedAgainstExact: await measureRecall(
      exact,
      indexed,
      questions.slice(0, 500).map(({ mention }: Question) => mention),
      LIMIT,
    ),
  };
}

/** Measures generated people. Their first and family names have one to four syllables and a Zipf-like distribution. */
async function generated(names: number): Promise<object> {
  const random = createRandom(1);
  const syllables =
    "an bel cor dan el fer gar hol is jan kar lor man nor os per ral sen tor ul vin wes yar zim".split(" ");
  const word = (from: number): string => {
    let rest = Math.floor(from ** random.next());
    let text = "";
    do {
      text += syllables[rest % syllables.length];
      rest = Math.floor(rest / syllables.length);
    } while (rest > 0);
    return text;
  };
  const labels = Array.from({ length: names }, () => `${word(20_000)} ${word(400_000)}`);
  const people = function* () {
    for (let at = 0; at < names; at++) yield person(`Q${at}`, labels[at]!);
  };
  const path = join(tmpdir(), `candidates-${process.pid}.idx`);
  const start = performance.now();
  await buildCandidateIndex(people(), path, { version: "1" });
  const buildSeconds = (performance.now() - start) / 1000;
  const opening = performance.now();
  const source = await openCandidateIndex(path, {
    manifest: { name: "generated", version: "1", schema: 1, entities: names, names },
    getMany: async (ids) => new Map(ids.map((id) => [id, person(id, labels[Number(id.slice(1))]!)])),
  });
  const openSeconds = (performance.now() - opening) / 1000;
  await rm(path);
  const questions = Array.from({ length: 500 }, (): Question => {
    const at = random.below(names);
    const [given = "", family = ""] = labels[at]!.split(" ");
    const dropped = random.below(family.length);
    const mention = [
      family,
      labels[at]!,
      `${given[0]}. ${family}`,
      `${given} ${family.slice(0, dropped)}${family.slice(dropped + 1)}`,
    ][random.below(4)]!;
    return { mention, gold: `Q${at}` };
  });
  return { names, buildSeconds, openSeconds, ...(await ask(source, questions)) };
}

/**
 * Finds the candidates for each question and returns recall and times. If the gold entity is tied with other candidates,
 * uses its expected rank.
 */
async function ask(source: CandidateSource, questions: readonly Question[]): Promise<object> {
  const found = CUTS.map(() => 0);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (const { mention, gold } of questions) {
    const start = performance.now();
    const [list = []] = await source.candidates([mention], LIMIT);
    times.push(performance.now() - start);
    const score = list.find(({ entity }) => entity.id === gold)?.nameScore;
    if (score === undefined) continue;
    const better = list.filter(({ nameScore }) => nameScore > score).length;
    const equal = list.filter(({ nameScore }) => nameScore === score).length;
    for (const [at, cut] of CUTS.entries()) found[at]! += Math.min(1, Math.max(0, cut - better) / equal);
  }
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  return {
    recall: Object.fromEntries(CUTS.map((cut, at) => [cut, found[at]! / questions.length])),
    mentionsPerSecond: (1000 * questions.length) / times.reduce((sum, time) => sum + time, 0),
    mentionsPerCpuSecond: (1e6 * questions.length) / (user + system),
    milliseconds: { p50: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)] },
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

function person(id: string, label: string): Entity {
  return { id, label, aliases: [], properties: {}, images: [] };
}
