import { batched } from "../../core/batched.js";
import { type Caption, MmelError, throwIfAborted, withoutGold } from "../../core/index.js";
import { createPairEncoder, weightSources } from "../../encoders/index.js";
import { lookUp, type Parts } from "../../linker/index.js";
import type { Checkpoint } from "../../models/checkpoint/index.js";
import {
  activationsProgram,
  baselineOf,
  createPairReader,
  divisorsFor,
  passesOf,
} from "../../models/mmel/index.js";
import { allPairs, packPairs } from "../../models/mmel/inputs.js";
import { createEngine } from "../../tensor/engine/index.js";
import type { Divisors } from "../../tensor/onnx/index.js";

/** Number of candidates per mention. The network sees only the first few candidates of a mention. */
const CANDIDATES = 4;
/** Number of captions to look up at once. */
const BATCH = 32;

/**
 * Measures the inputs of the text encoder's linear maps for the captions and the best candidates of their mentions by
 * name, and returns the divisors with which the encoder computes in int8. A few hundred captions are enough. Throws
 * `MODEL_UNSUPPORTED` for a baseline, `CONFIG` if the captions have no mention with a candidate, `ABORTED` if the signal fires, and the errors of the engine.
 */
export async function measureInt8(
  { config, tokenizer, weights }: Checkpoint,
  captions: AsyncIterable<Caption>,
  { source }: Pick<Parts, "source">,
  signal?: AbortSignal,
): Promise<Divisors> {
  if (baselineOf(config.head) !== undefined)
    throw new MmelError("MODEL_UNSUPPORTED", {
      what: `the model is a baseline (${config.head.variant})`,
      expected: "a variant of MMEL",
      hint: "Convert it to F16 instead.",
    });
  await using engine = createEngine();
  await engine.load(weightSources(weights));
  const passes = passesOf(config.head).map((pass) => ({ pass, ...activationsProgram(config, pass) }));
  for (const { pass, program } of passes) await engine.define(pass, program);
  const read = createPairReader({ config: config.head, encoder: createPairEncoder(tokenizer, config.input) });
  const largest = new Map<string, Float32Array>();
  for await (const batch of batched(captions, BATCH)) {
    const found = await lookUp({ source }, batch.map(withoutGold), CANDIDATES);
    for (const { inputs } of packPairs(await allPairs(found, read), config.head))
      for (const { pass, weights: names } of passes) {
        throwIfAborted(signal);
        for (const [output, { data }] of Object.entries(await engine.run(pass, inputs)))
          for (const name of names.get(output)!)
            largest.set(name, maxima(data as Float32Array, largest.get(name)));
      }
  }
  if (largest.size > 0) return new Map([...largest].map(([name, values]) => [name, divisorsFor(values)]));
  throw new MmelError("CONFIG", {
    what: "no mention of the captions has a candidate",
    expected: "captions with mentions whose names are in the knowledge base",
  });
}

const maxima = (a: Float32Array, b: Float32Array = a): Float32Array =>
  a.map((value, at) => Math.max(value, b[at]!));
