import { createEngine } from "../../src/engine/index.js";
import { forwardProgram, MICRO, SHAPE, stepProgram, target, textInputs, UPDATE, weightsOf } from "./shape.js";

/** One side of the comparison: each call does the work once and resolves to the seconds it took. */
export interface Side extends AsyncDisposable {
  forward(): Promise<number>;
  step(): Promise<number>;
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

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
