/**
 * Measures the speed of linking: `npm run build && npx tsx bench/link.ts CAPTIONS KB [MODEL]` prints a JSON object. It contains the
 * time for opening the linker, the mentions per second of wall time and of CPU time, the peak memory, and how the time is
 * distributed among the package's folders.
 */
import { Session } from "node:inspector/promises";
import { type Caption, createLinker } from "mmel";
import { readCaptions } from "mmel/formats";

const [file, kb, model] = process.argv.slice(2);
if (file === undefined || kb === undefined)
  throw new Error("usage: npx tsx bench/link.ts CAPTIONS KB [MODEL]");

const captions: Caption[] = [];
for await (const read of readCaptions(file)) if (read.kind === "record") captions.push(read.value);
const mentions = captions.reduce((sum, caption) => sum + caption.mentions.length, 0);

const opening = performance.now();
const linker = await createLinker({ kb, ...(model === undefined ? {} : { model }) });
const openSeconds = (performance.now() - opening) / 1000;
const rssOpen = megabytes(process.memoryUsage().rss);

const first = await linkAll();
const profile = await profiled(linkAll);
await linker.close();
console.log(
  JSON.stringify(
    {
      model: linker.model,
      captions: captions.length,
      mentions,
      openSeconds,
      openMegabytes: rssOpen,
      mentionsPerSecond: mentions / first.seconds,
      mentionsPerCpuSecond: mentions / first.cpuSeconds,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
      shareOfTime: profile,
    },
    null,
    1,
  ),
);

async function linkAll(): Promise<{ seconds: number; cpuSeconds: number }> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  let done = 0;
  for await (const { error } of linker.linkAll(captions)) done += error === undefined ? 1 : 0;
  if (done !== captions.length) throw new Error(`only ${done} of ${captions.length} captions were linked`);
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/**
 * Profiles `work` and returns the share of this thread's time spent in each of the package's folders, for the ten folders with
 * the largest share.
 */
async function profiled(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
  await work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const parent = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const partOf = (id: number): string => {
    const { functionName } = nodes.get(id)!.callFrame;
    if (functionName.startsWith("(")) return functionName.slice(1, -1);
    for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) {
      const folder = /\/dist\/(.*)\/[^/]*$/.exec(nodes.get(at)!.callFrame.url)?.[1];
      if (folder !== undefined) return folder;
    }
    return "other";
  };
  const times = new Map<string, number>();
  let total = 0;
  profile.samples?.forEach((id, at) => {
    const time = profile.timeDeltas?.[at] ?? 0;
    total += time;
    times.set(partOf(id), (times.get(partOf(id)) ?? 0) + time);
  });
  const sorted = [...times].sort(([, a], [, b]) => b - a).slice(0, 10);
  return Object.fromEntries(sorted.map(([part, time]) => [part, Math.round((1000 * time) / total) / 1000]));
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
