/**
 * Compares the import of a synthetic Wikidata dump with the minimum cost of decompressing and parsing the dump. Run
 * `npm run build`, then `npx tsx bench/wikidata.ts [ENTITIES] [FOLDER]`, which prints a JSON object. The dump has ENTITIES entities
 * (default 100,000) of about 13 KB each. It is generated in FOLDER and kept there; without FOLDER, it is deleted afterwards.
 *
 * Rates are megabytes of decompressed dump per second of wall time and per second of CPU time. CPU time is the sum over all
 * threads and more reliable on a shared machine. Each task runs in a separate process; memory is the peak resident set size.
 * `ideal` is the rate at which two processors could decompress the dump and pass it to JSON.parse. `reading` measures the import
 * up to the first entity, `imports` the complete command.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip, createGzip } from "node:zlib";
import { openWikidata, PAPER_PROPERTIES } from "../src/datasets/wikidata/index.js";
import { dumpLines } from "./wikidata-dump.js";

interface Measured {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
}

const SAMPLE = 256 << 20;
const REPORT = `data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write("USAGE "+JSON.stringify([u.maxRSS,u.userCPUTime+u.systemCPUTime]))})`;
const CLI = resolve("dist/cli/main.js");

async function generate(path: string, entities: number): Promise<void> {
  if (existsSync(path)) return;
  await pipeline(Readable.from(dumpLines(entities)), createGzip({ level: 6 }), createWriteStream(path));
}

/** Number of bytes processed and the time needed, not counting the start of the process. */
interface Bare {
  readonly bytes: number;
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
}

async function timed(work: () => number | Promise<number>): Promise<Bare> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const bytes = await work();
  const { user, system } = process.cpuUsage(before);
  return { bytes, milliseconds: performance.now() - start, processorMilliseconds: (user + system) / 1e3 };
}

/**
 * Tasks for child processes: decompress the dump; parse its lines; read it as an import of people does (`people`) or as an
 * import of all entities does (`everything`), up to the first entity.
 */
const BARE: Readonly<Record<string, (path: string) => Promise<Bare>>> = {
  gunzip: (path) =>
    timed(async () => {
      let bytes = 0;
      for await (const chunk of unpacked(path)) bytes += chunk.length;
      return bytes;
    }),
  async parse(path) {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of unpacked(path)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= SAMPLE) break;
    }
    const lines = Buffer.concat(chunks)
      .toString("latin1")
      .split("\n")
      .slice(1, -1)
      .filter((line) => line.length > 2);
    const texts = lines.map((line) => line.replace(/,$/, ""));
    return timed(() => {
      for (const text of texts) JSON.parse(text);
      return texts.reduce((sum, text) => sum + text.length, 0);
    });
  },
  people: (path) => reading(path, ["Q5"]),
  everything: (path) => reading(path, []),
};

function reading(path: string, instanceOf: readonly string[]): Promise<Bare> {
  return timed(async () => {
    const folder = mkdtempSync(join(tmpdir(), "mmel-reading-"));
    const settings = { languages: ["en"], instanceOf, properties: PAPER_PROPERTIES };
    const reader = openWikidata([path], { settings, folder });
    for await (const read of reader.entities()) if (read.kind === "record") break;
    await reader.finish();
    return reader.report().bytes;
  });
}

const unpacked = (path: string): AsyncIterable<Buffer> =>
  createReadStream(path, { highWaterMark: 1 << 18 }).pipe(createGunzip({ chunkSize: 1 << 18 }));

/**
 * Runs a Node process with these arguments and measures its time and memory. `stop` is called with a function that
 * interrupts the process with SIGINT.
 */
async function run(
  args: readonly string[],
  stop?: (kill: () => void) => Promise<void>,
): Promise<Measured & { readonly stdout: string; readonly stderr: string }> {
  const start = performance.now();
  const child = spawn(process.execPath, ["--import", REPORT, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const closed = once(child, "close");
  await stop?.(() => child.kill("SIGINT"));
  await closed;
  const [kilobytes = 0, microseconds = 0] = JSON.parse(stderr.split("USAGE ")[1] ?? "[]") as number[];
  return {
    seconds: (performance.now() - start) / 1000,
    processorSeconds: microseconds / 1e6,
    peakMegabytes: Math.round(kilobytes / 1024),
    stdout,
    stderr,
  };
}

async function bare(task: string, path: string) {
  const script = resolve(process.argv[1] ?? "");
  const { stdout, peakMegabytes } = await run(["--import", "tsx", script, `--bare=${task}`, path]);
  const { bytes, milliseconds, processorMilliseconds } = JSON.parse(stdout) as Bare;
  return { bytes, ...rates(bytes, milliseconds / 1e3, processorMilliseconds / 1e3), peakMegabytes };
}

const rates = (bytes: number, seconds: number, processorSeconds: number) => ({
  megabytesASecond: Math.round(bytes / 1e6 / seconds),
  megabytesAProcessorSecond: Math.round(bytes / 1e6 / processorSeconds),
});

async function imported(path: string, kb: string, filter: readonly string[], bytes: number) {
  const args = [CLI, "kb", "import", path, "--format", "wikidata", ...filter, "--kb", kb, "--json"];
  const { stdout, ...whole } = await run(args);
  const { entities, version, wikidata } = JSON.parse(stdout);
  return {
    entities,
    version,
    seconds: { reading: wikidata.seconds.read, labels: wikidata.seconds.labels, all: round(whole.seconds) },
    ...rates(bytes, whole.seconds, whole.processorSeconds),
    peakMegabytes: whole.peakMegabytes,
  };
}

/** Interrupts an import with SIGINT after half of the dump, then resumes the import and measures both parts. */
async function interrupted(path: string, kb: string, bytes: number, version: string) {
  const args = [
    CLI,
    "kb",
    "import",
    path,
    "--format",
    "wikidata",
    "--instance-of",
    "Q5",
    "--kb",
    kb,
    "--json",
  ];
  const first = await run(args, async (kill) => {
    while (savedBytes(kb) < bytes / 2) await sleep(5);
    kill();
  });
  const second = await run([...args, "--resume"]);
  return {
    peakMegabytes: [first.peakMegabytes, second.peakMegabytes],
    seconds: [round(first.seconds), round(second.seconds)],
    same: JSON.parse(second.stdout).version === version,
  };
}

function savedBytes(kb: string): number {
  try {
    return JSON.parse(readFileSync(`${kb}.wikidata/state.json`, "utf8")).bytes;
  } catch {
    return 0;
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

async function bench(entities: number, given: string | undefined): Promise<object> {
  const folder = given ?? mkdtempSync(join(tmpdir(), "mmel-bench-"));
  mkdirSync(folder, { recursive: true });
  try {
    const path = join(folder, `dump-${entities}.json.gz`);
    await generate(path, entities);
    const gunzip = await bare("gunzip", path);
    const parse = await bare("parse", path);
    const kb = (name: string): string => join(folder, `kb-${name}`);
    const reading = { people: await bare("people", path), everything: await bare("everything", path) };
    const people = await imported(path, kb("people"), ["--instance-of", "Q5"], gunzip.bytes);
    const everything = await imported(path, kb("everything"), [], gunzip.bytes);
    const ideal = 2 / (1 / gunzip.megabytesAProcessorSecond + 1 / parse.megabytesAProcessorSecond);
    return {
      entities,
      megabytes: Math.round(gunzip.bytes / 1e6),
      packedMegabytes: Math.round(statSync(path).size / 1e6),
      gunzip,
      parse,
      ideal: Math.round(ideal),
      reading,
      imports: { people, everything },
      interrupted: await interrupted(path, kb("interrupted"), gunzip.bytes, people.version),
    };
  } finally {
    for (const name of ["people", "everything", "interrupted"])
      rmSync(join(folder, `kb-${name}`), { recursive: true, force: true });
    if (given === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

const [first = "100000", second] = process.argv.slice(2);
if (first.startsWith("--bare=")) process.stdout.write(JSON.stringify(await BARE[first.slice(7)]!(second!)));
else console.log(JSON.stringify(await bench(Number(first), second), null, 1));
