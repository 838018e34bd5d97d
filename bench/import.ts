/**
 * Measures the time and memory for importing a file of entities, and for opening the resulting knowledge base, each in a
 * separate process: `npx tsx bench/import.ts FILE.jsonl` prints a JSON object. Memory is the peak resident set size of the process.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [first = "", second = ""] = process.argv.slice(2);

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;
const seconds = (start: number): number => Math.round(performance.now() - start) / 1000;
const peak = (): number => megabytes(process.resourceUsage().maxRSS * 1024);

async function importFile(file: string, target: string): Promise<object> {
  const { readEntities } = await import("../src/formats/index.js");
  const { driverFor } = await import("../src/kb/index.js");
  const start = performance.now();
  const entities = async function* () {
    for await (const read of readEntities(file)) if (read.kind === "record") yield read.value;
  };
  const { version: _, ...manifest } = await (await driverFor(target)).import(target, entities());
  return { ...manifest, importSeconds: seconds(start), importPeakMegabytes: peak() };
}

async function openFolder(target: string): Promise<object> {
  const start = performance.now();
  const { openStore } = await import("../src/kb/index.js");
  const loadSeconds = seconds(start);
  await using store = await openStore(target);
  const openSeconds = seconds(start);
  const openPeakMegabytes = peak();
  const ids: string[] = [];
  const streaming = performance.now();
  for await (const { id } of store.all()) ids.push(id);
  const streamSeconds = seconds(streaming);
  const getMany100Milliseconds = await timeEach(100, (at) =>
    store.getMany(ids.slice((at * 100) % ids.length).slice(0, 100)),
  );
  const [entity] = (await store.getMany(ids.slice(0, 1))).values();
  const searchMilliseconds = await timeEach(20, () => store.searchNames(entity!.label));
  return {
    loadSeconds,
    openSeconds,
    openPeakMegabytes,
    streamSeconds,
    getMany100Milliseconds,
    searchMilliseconds,
  };
}

async function timeEach(times: number, action: (at: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let at = 0; at < times; at++) await action(at);
  return Math.round(((performance.now() - start) / times) * 1000) / 1000;
}

function inNewProcess(...parameters: string[]): object {
  const [, script = ""] = process.argv;
  return JSON.parse(
    execFileSync(process.execPath, [...process.execArgv, script, ...parameters], { encoding: "utf8" }),
  ) as object;
}

function measure(file: string): object {
  const folder = mkdtempSync(join(tmpdir(), "mmel-bench-"));
  try {
    const target = join(folder, "kb");
    const imported = inNewProcess("import", file, target);
    const version = join(target, "version-1");
    const bytes = readdirSync(version).reduce((sum, name) => sum + statSync(join(version, name)).size, 0);
    return { ...imported, folderMegabytes: megabytes(bytes), ...inNewProcess("open", target) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const report =
  first === "import"
    ? await importFile(second, process.argv[4]!)
    : first === "open"
      ? await openFolder(second)
      : measure(first);
console.log(JSON.stringify(report, null, 2));
