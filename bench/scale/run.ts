/**
 * Measures import time, disk space, memory and candidate search for one size of knowledge base, embedded or on a PostgreSQL server.
 * Prints a JSON object:
 *
 *   npx tsx bench/scale/run.ts SIZE TARGET [--questions 100] [--compared 30] [--no-popularity] [--no-exact]
 *
 * SIZE is the number of generated people (see `people.ts`). TARGET is an empty folder or `postgres://…`. The import and the
 * questions run in separate processes, so that the peak memory of each can be measured. `load` is the machine's load average
 * during the run. On a busy machine, times are upper limits and `cpuP50` is more reliable.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism, loadavg, userInfo } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openStore } from "../../src/kb/index.js";
import { openIndex } from "../../src/linker/candidate-index.js";
import { importKb } from "../../src/linker/index.js";
import { openParts } from "../../src/linker/parts.js";
import { type Measured, measure } from "./measure.js";
import { people } from "./people.js";
import { KINDS, questions } from "./questions.js";

const SEED = 1;

/** Length of a clock tick in /proc, in milliseconds. */
const TICK = 10;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    questions: { type: "string", default: "100" },
    compared: { type: "string", default: "30" },
    popularity: { type: "boolean", default: true },
    exact: { type: "boolean", default: true },
    part: { type: "string" },
  },
  allowNegative: true,
});
const [size = "10000", target = ""] = positionals;
const count = Number(size);

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;
const peak = (): number => megabytes(process.resourceUsage().maxRSS * 1024);
const seconds = (start: number): number => Math.round(performance.now() - start) / 1000;

async function importPeople(): Promise<object> {
  const start = performance.now();
  const { version: _, ...manifest } = await importKb(target, people(count, SEED, values.popularity));
  return { ...manifest, importSeconds: seconds(start), importPeakMegabytes: peak(), ...(await disk()) };
}

async function disk(): Promise<object> {
  if (!target.startsWith("postgres")) {
    const version = join(target, readdirSync(target).find((name) => name.startsWith("version"))!);
    const bytes = readdirSync(version).reduce((sum, name) => sum + statSync(join(version, name)).size, 0);
    return { diskMegabytes: megabytes(bytes) };
  }
  const { default: pg } = await import("pg");
  const url = new URL(target);
  const schema = url.searchParams.get("schema") ?? "mmel";
  url.search = "";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const { rows } = await client.query(
    `select sum(pg_total_relation_size(pg_class.oid))::float8 as bytes from pg_class
     join pg_namespace on pg_namespace.oid = relnamespace where nspname = $1 and relkind = 'r'`,
    [schema],
  );
  await client.end();
  return { diskMegabytes: megabytes(rows[0].bytes) };
}

async function askQuestions(): Promise<object> {
  const start = performance.now();
  await using parts = await openParts({ kb: target, model: "lexical" });
  await parts.source.candidates(["Someone Else"], 100);
  const openSeconds = seconds(start);
  const exact = values.exact ? await openIndex(parts.store, { exact: true }) : undefined;
  const measured: Measured[] = [];
  for (const kind of KINDS) {
    const asked = questions(kind, Number(values.questions), count, SEED, true);
    measured.push({
      kind,
      popularity: values.popularity,
      ...(await measure(parts.source, exact, asked, Number(values.compared), () => serverTime(target))),
    });
  }
  return { openSeconds, peakMegabytes: exact === undefined ? peak() : undefined, measured };
}

async function memory(): Promise<object> {
  await using store = await openStore(target);
  await using parts = await openParts({ kb: store, model: "lexical" });
  for (const { mention } of questions("full", 20, count, SEED, true))
    await parts.source.candidates([mention], 100);
  return { openPeakMegabytes: peak() };
}

/**
 * Returns the CPU time, in milliseconds, that the PostgreSQL processes for a database have used so far. Reads /proc, so the result
 * is 0 unless the server runs on this machine under Linux.
 */
function serverTime(target: string): number {
  if (!target.startsWith("postgres")) return 0;
  const { username, pathname } = new URL(target);
  const session = ` ${username || userInfo().username} ${pathname.slice(1)} `; // appears in the process title after "postgres:" and possibly the cluster name
  let ticks = 0;
  for (const process of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      const title = readFileSync(`/proc/${process}/cmdline`, "utf8");
      if (!title.startsWith("postgres:") || !title.includes(session)) continue;
      const fields = readFileSync(`/proc/${process}/stat`, "utf8").split(") ").at(-1)!.split(" ");
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {} // the process has exited in the meantime
  return TICK * ticks;
}

function inNewProcess(part: string): object {
  const [, script = "", ...rest] = process.argv;
  const text = execFileSync(
    process.execPath,
    [...process.execArgv, "--max-old-space-size=8000", script, ...rest, "--part", part],
    { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] },
  );
  return JSON.parse(text) as object;
}

const parts: Readonly<Record<string, () => Promise<object>>> = {
  import: importPeople,
  ask: askQuestions,
  memory,
};

const report =
  values.part === undefined
    ? {
        people: count,
        on: target.startsWith("postgres") ? "PostgreSQL" : "embedded",
        popularity: values.popularity,
        cores: availableParallelism(),
        ...inNewProcess("import"),
        ...inNewProcess("memory"),
        ...inNewProcess("ask"),
        load: loadavg().map((load) => Math.round(10 * load) / 10),
      }
    : await parts[values.part]!();
console.log(JSON.stringify(report, null, 1));
