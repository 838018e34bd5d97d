/**
 * Runs three training steps and prints the seconds per step and the peak memory in megabytes. `run.ts` starts it in a separate
 * process, so that the peak memory is that of training. With the argument `encoder`, trains the text encoder of the comparison;
 * with `mmel`, trains the complete model (d 512, paper loss) with 8 captions of 4 pairs.
 */
import { createRandom } from "../../src/core/index.js";
import { mmelConfigSchema } from "../../src/models/mmel/index.js";
import { trainingProgram } from "../../src/models/mmel/programs.js";
import { createEngine, type MicroBatch } from "../../src/tensor/engine/index.js";
import type { Program } from "../../src/tensor/onnx/index.js";
import { least, type Seconds, timed } from "./ours.js";
import { CONFIG, MICRO, SHAPE, stepProgram, target, textInputs, UPDATE, weightsOf } from "./shape.js";

const [program, inputs] = process.argv[2] === "mmel" ? mmel() : encoder();
await using engine = createEngine({ threads: SHAPE.threads });
await engine.load(weightsOf(program));
await engine.define("step", program);
const parts = SHAPE.batch / MICRO;
const batches = [...Array(parts)].map(
  (): MicroBatch => ({ program: "step", inputs: inputs(), share: 1 / parts }),
);
const seconds: Seconds[] = [];
for (let step = 0; step < 3; step++)
  seconds.push(await timed(() => engine.step(batches, { ...UPDATE, seed: step })));
const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ secondsPerStep: least(seconds), peakMegabytes }));

function encoder(): [Program, () => MicroBatch["inputs"]] {
  return [stepProgram(), () => ({ ...textInputs(MICRO, SHAPE.length), ...target(MICRO) })];
}

/**
 * Returns the program and inputs for MMEL. A micro-batch has two captions, with two mentions per caption and two
 * candidates per mention: 8 pairs.
 */
function mmel(): [Program, () => MicroBatch["inputs"]] {
  const head = mmelConfigSchema.parse({});
  const shape = { groups: 2, mentions: 2, candidates: 2, lengths: { pair: SHAPE.length } } as const;
  const program = trainingProgram({ encoder: CONFIG, head }, shape, { margin: 0.3, dropout: 0.2 });
  const { ids, segments, attention } = textInputs(MICRO, SHAPE.length);
  const side = (keep: boolean) => ({
    data: Uint8Array.from({ length: MICRO * SHAPE.length }, (_, index) =>
      Number(index % SHAPE.length < SHAPE.length / 2 === keep),
    ),
    shape: segments!.shape,
  });
  const random = createRandom(2);
  const vectors = Float32Array.from({ length: MICRO * 2 * head.imageWidth }, () => random.normal());
  const inputs = {
    "pair.ids": ids!,
    "pair.segments": segments!,
    "pair.attention": attention!,
    "pair.context": side(true),
    "pair.entity": side(false),
    "images.vectors": { data: vectors, shape: [MICRO, 2, head.imageWidth] },
    "images.present": { data: new Uint8Array(MICRO * 2).fill(1), shape: [MICRO, 2] },
    weights: { data: Float32Array.of(0.5, 0.5), shape: [2] },
  };
  return [program, () => inputs];
}
