/**
 * The engine beside PyTorch, and what training and packing cost: `npm run build`, then
 * `npx tsx bench/engine/run.ts [--python PATH] [--rounds 5] [--data ../shared/data] [--output FILE]`. See README.md.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureBuckets } from "./buckets.js";
import { ourSide, type Side } from "./ours.js";
import { MICRO, SHAPE } from "./shape.js";
import { torchSide } from "./torch.js";

const { values } = parseArgs({
  options: {
    python: { type: "string", default: process.env.PYTHON ?? "" },
    rounds: { type: "string", default: "5" },
    data: { type: "string", default: "../shared/data" },
    output: { type: "string" },
  },
});
const rounds = Number(values.rounds);

const result = {
  machine: { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version },
  shape: { ...SHAPE, microBatch: MICRO },
  ...(await compare(values.python)),
  training: { encoder: trainOnce("encoder"), mmel: trainOnce("mmel") },
  buckets: (await measureBuckets(values.data, rounds)) ?? `not measured: no data in ${values.data}`,
};
const json = JSON.stringify(result, null, 2);
console.log(json);
if (values.output !== undefined) writeFileSync(values.output, `${json}\n`);

/** Both sides turn by turn in one run, so that what else the machine does falls on both. */
async function compare(python: string): Promise<object> {
  await using ours = await ourSide();
  if (python === "") return { seconds: { ours: await race({ ours }) }, torch: "not measured: no --python" };
  await using torch = await torchSide(python);
  const seconds = await race({ ours, torch });
  const ratio = (work: "forward" | "step") => seconds.torch![work] / seconds.ours![work];
  return {
    torch: torch.version,
    seconds,
    timesFaster: { forward: ratio("forward"), trainingStep: ratio("step") },
  };
}

async function race(
  sides: Readonly<Record<string, Side>>,
): Promise<Record<string, { forward: number; step: number }>> {
  const all = Object.entries(sides).map(([name, side]) => ({ name, side, forward: [0], step: [0] }));
  for (let round = 0; round <= rounds; round++)
    for (const each of all) {
      each.forward[round] = await each.side.forward();
      each.step[round] = await each.side.step();
    }
  const warm = (times: number[]): number => median(times.slice(1));
  return Object.fromEntries(
    all.map(({ name, forward, step }) => [name, { forward: warm(forward), step: warm(step) }]),
  );
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

function trainOnce(what: "encoder" | "mmel"): unknown {
  const script = fileURLToPath(new URL("./train-once.ts", import.meta.url));
  return JSON.parse(execFileSync(process.execPath, ["--import", "tsx", script, what], { encoding: "utf8" }));
}
