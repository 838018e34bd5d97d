import { createEngine } from "../../src/tensor/engine/index.js";
import { forwardProgram, MICRO, SHAPE, stepProgram, target, textInputs, UPDATE, weightsOf } from "./shape.js";

/** Seconds by the clock, and of all the process's threads together, which a busy machine disturbs less. */
export interface Seconds {
  readonly wall: number;
  readonly cpu: number;
}

/** One side of the comparison: each call does the work once. */
export interface Side extends AsyncDisposable {
  forward(): Promise<Seconds>;
  step(): Promise<Seconds>;
}

/** This project's engine. */
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

export async function timed(work: () => Promise<unknown>): Promise<Seconds> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

/** The least of each over several rounds: what else the machine does only adds. */
export function least(rounds: readonly Seconds[]): Seconds {
  return {
    wall: Math.min(...rounds.map(({ wall }) => wall)),
    cpu: Math.min(...rounds.map(({ cpu }) => cpu)),
  };
}

/** How many times as long the other took. */
export function timesFaster(ours: Seconds, other: Seconds): Seconds {
  return { wall: other.wall / ours.wall, cpu: other.cpu / ours.cpu };
}
