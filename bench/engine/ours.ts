import { createEngine } from "../../src/tensor/engine/index.js";
import { forwardProgram, MICRO, SHAPE, stepProgram, target, textInputs, UPDATE, weightsOf } from "./shape.js";

/** Wall time and CPU time of all threads of the process, in seconds. A busy machine affects CPU time less. */
export interface Seconds {
  readonly wall: number;
  readonly cpu: number;
}

/** One side of the comparison; each call does the work once. */
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

/** The minimum of each time over several rounds, since other load on the machine can only add to it. */
export function least(rounds: readonly Seconds[]): Seconds {
  return {
    wall: Math.min(...rounds.map(({ wall }) => wall)),
    cpu: Math.min(...rounds.map(({ cpu }) => cpu)),
  };
}

/** The time of the other side divided by ours. */
export function timesFaster(ours: Seconds, other: Seconds): Seconds {
  return { wall: other.wall / ours.wall, cpu: other.cpu / ours.cpu };
}
