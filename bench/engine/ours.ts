import { createEngine } from "../../src/tensor/engine/index.js";
import {
  forwardProgram,
  int8Program,
  MICRO,
  SHAPE,
  stepProgram,
  target,
  textInputs,
  UPDATE,
  weightsOf,
} from "./shape.js";

/**
 * Wall time and CPU time, in seconds. CPU time is the sum over all threads of the process. A busy machine affects CPU time less
 * than wall time.
 */
export interface Seconds {
  readonly wall: number;
  readonly cpu: number;
}

/** One of the implementations to compare. Each call runs the work once and returns the time it took. */
export interface Side extends AsyncDisposable {
  forward(): Promise<Seconds>;
  step(): Promise<Seconds>;
}

/** Creates the side of the comparison that runs this project's engine. */
export async function ourSide(): Promise<Side> {
  const engine = createEngine({ threads: SHAPE.threads });
  const [forward, step] = [forwardProgram(), stepProgram()];
  await engine.load(weightsOf(step));
  await engine.define("forward", forward);
  await engine.define("step", step);
  const inputs = textInputs(SHAPE.batch, SHAPE.length);
  const parts = SHAPE.batch / MICRO;
  const batches = [...Array(parts)].map(() => ({
    program: "step",
    inputs: { ...textInputs(MICRO, SHAPE.length), ...target(MICRO) },
    share: 1 / parts,
  }));
  return {
    forward: () => timed(() => engine.run("forward", inputs)),
    step: () => timed(() => engine.step(batches, UPDATE)),
    [Symbol.asyncDispose]: () => engine.close(),
  };
}

/**
 * Measures forward passes in float32 and in int8, in alternating rounds after a first one, and returns the shortest
 * times. `timesFaster` is the median of the ratios of the rounds, which load that changes between rounds affects less.
 */
export async function int8Figures(rounds: number) {
  await using engine = createEngine({ threads: SHAPE.threads });
  const program = forwardProgram();
  await engine.load(weightsOf(program));
  await engine.define("float32", program);
  await engine.define("int8", int8Program());
  const inputs = textInputs(SHAPE.batch, SHAPE.length);
  const float32: Seconds[] = [];
  const int8: Seconds[] = [];
  for (let round = 0; round <= rounds; round++) {
    const [one, two] = [
      await timed(() => engine.run("float32", inputs)),
      await timed(() => engine.run("int8", inputs)),
    ];
    if (round > 0) float32.push(one);
    if (round > 0) int8.push(two);
  }
  const median = (kind: keyof Seconds): number =>
    float32.map((one, at) => one[kind] / int8[at]![kind]).sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
  return {
    float32: least(float32),
    int8: least(int8),
    timesFaster: { wall: median("wall"), cpu: median("cpu") },
  };
}

/** Runs `work` and measures its time. */
export async function timed(work: () => Promise<unknown>): Promise<Seconds> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

/**
 * Returns the shortest wall time and the shortest CPU time of several rounds. Other load on the machine can only increase them.
 */
export function least(rounds: readonly Seconds[]): Seconds {
  return {
    wall: Math.min(...rounds.map(({ wall }) => wall)),
    cpu: Math.min(...rounds.map(({ cpu }) => cpu)),
  };
}

/** Returns how many times faster `ours` is than `other`, in wall time and in CPU time. */
export function timesFaster(ours: Seconds, other: Seconds): Seconds {
  return { wall: other.wall / ours.wall, cpu: other.cpu / ours.cpu };
}
