/**
 * Compares the engine with PyTorch and measures training steps and the benefit of packing pairs by length: `npm run build`, then
 * `npx tsx bench/engine/run.ts [--python PATH] [--rounds 5] [--data ../shared/data] [--output FILE]`. See README.md.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { VariantName } from "../../src/models/mmel/index.js";
import { measureBuckets } from "./buckets.js";
import { int8Figures, least, ourSide, type Seconds, type Side, timesFaster } from "./ours.js";
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
/** Pause before each measurement, in milliseconds. During the pause, the other side's idle threads stop busy-waiting. */
const PAUSE = 500;

const result = {
  machine: { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version },
  shape: { ...SHAPE, microBatch: MICRO },
  ...(await compare(values.python)),
  int8: await int8Figures(rounds),
  training: { encoder: trainOnce("encoder"), mmel: trainOnce("mmel") },
  buckets: { MMEL: await buckets("MMEL"), "MMEL-onlytext": await buckets("MMEL-onlytext") },
};
const json = JSON.stringify(result, null, 2);
console.log(json);
if (values.output !== undefined) writeFileSync(values.output, `${json}\n`);

/**
 * Measures packing by length for a variant. Packing saves less for MMEL than for the text-only variant, because it does not
 * reduce the work on image tokens.
 */
async function buckets(variant: VariantName): Promise<object | string> {
  const figures = await measureBuckets(values.data, Math.min(2, rounds), variant);
  return figures ?? `not measured: ${values.data} does not contain models/all-MiniLM-L6-v2 and wikimel`;
}

/** Compares the engine with PyTorch in alternating rounds, so that other load on the machine affects both. */
async function compare(python: string): Promise<object> {
  await using ours = await ourSide();
  if (python === "")
    return { seconds: { ours: await race({ ours }) }, torch: "not measured: run again with --python PATH" };
  await using torch = await torchSide(python);
  const seconds = await race({ ours, torch });
  const ratio = (work: "forward" | "step") => timesFaster(seconds.ours![work], seconds.torch![work]);
  return {
    torch: torch.version,
    seconds,
    timesFaster: { forward: ratio("forward"), trainingStep: ratio("step") },
  };
}

type Work = Record<"forward" | "step", Seconds>;

/**
 * Measures forward passes and training steps of each side. All forward passes come first, because after a step the engine must
 * repack its weights before the next forward pass.
 */
async function race(sides: Readonly<Record<string, Side>>): Promise<Record<string, Work>> {
  const forward = await turns(sides, (side) => side.forward());
  const step = await turns(sides, (side) => side.step());
  return Object.fromEntries(
    Object.keys(sides).map((name) => [name, { forward: forward[name]!, step: step[name]! }]),
  );
}

async function turns(
  sides: Readonly<Record<string, Side>>,
  work: (side: Side) => Promise<Seconds>,
): Promise<Record<string, Seconds>> {
  const taken: Record<string, Seconds[]> = {};
  for (let round = 0; round <= rounds; round++)
    for (const [name, side] of Object.entries(sides)) {
      await setTimeout(PAUSE);
      const seconds = await work(side);
      if (round > 0) taken[name] = [...(taken[name] ?? []), seconds];
    }
  return Object.fromEntries(Object.entries(taken).map(([name, seconds]) => [name, least(seconds)]));
}

function trainOnce(model: "encoder" | "mmel"): unknown {
  const script = fileURLToPath(new URL("./train-once.ts", import.meta.url));
  return JSON.parse(execFileSync(process.execPath, ["--import", "tsx", script, model], { encoding: "utf8" }));
}
