import { createRandom, MmelError, type Random, throwIfAborted } from "../../core/index.js";
import type { Program } from "../onnx/index.js";
import {
  createSessionCache,
  openSession,
  type Session,
  type Tensor,
  verifyBuffers,
} from "../onnx/runtime/index.js";
import { allocate, type FlatTensors } from "../optim.js";
import { loadWeights } from "./load-weights.js";
import { createMasks } from "./masks.js";
import {
  addGradients,
  arrivals,
  copyOfTrained,
  createOptimiser,
  type Optimiser,
  update,
} from "./optimiser.js";
import type { EngineOptions, Host, MicroBatch, NamedArrays } from "./protocol.js";

/**
 * Creates the implementation of the engine's calls. It keeps the weights, programs, sessions and optimiser on the
 * thread that calls this function.
 */
export function createHost(options: EngineOptions = {}): Host {
  const sessions = createSessionCache(options);
  const programs = new Map<string, Program>();
  const drawMasks = createMasks();
  let weights = allocate(new Map());
  let matrices: ReadonlySet<string> = new Set();
  let optimiser: Optimiser | undefined;

  const programOf = (key: string): Program => {
    const program = programs.get(key);
    if (program === undefined)
      throw new MmelError("GRAPH", { what: "the program is not defined", where: `program "${key}"` });
    return program;
  };
  const sessionOf = (key: string): Promise<Session> => {
    const program = programOf(key);
    return sessions.get(key, program.bytes, () => openSession(program, weights.views, options));
  };
  /** Closes the sessions with packed weights, which are out of date after an update. */
  const closePacked = () => sessions.drop((key) => programOf(key).weights === "external");

  /** Creates the optimiser for all weights that have a gradient in at least one defined program. */
  const beginTraining = async (): Promise<Optimiser> => {
    await verifyBuffers();
    const trained = [...programs.values()].flatMap(({ gradients }) => gradients.map((g) => g.parameter));
    return createOptimiser(sizesOf(weights, trained));
  };
  /** Runs one forward and backward pass, adds its gradients to the optimiser's gradients, and returns the loss. */
  const pass = async (into: Optimiser, batch: MicroBatch, random: Random): Promise<number> => {
    const program = programOf(batch.program);
    const session = await sessionOf(batch.program);
    const arrived = arrivals(into, program);
    const masks = drawMasks(program.masks, random);
    const results = await session.run({ inputs: batch.inputs, masks, into: arrived });
    addGradients(into, program, arrived, results, batch.share);
    return lossOf(batch.program, program, results);
  };

  return {
    async load(signal, list) {
      const read = await loadWeights(list, signal);
      await sessions.drop(() => true);
      weights = read;
      matrices = new Set(list.filter(({ shape }) => shape.length > 1).map(({ name }) => name));
      optimiser = undefined;
    },

    async define(_, key, program) {
      await sessions.drop((open) => open === key);
      programs.set(key, program);
    },

    async run(_, key, inputs) {
      const results = await (await sessionOf(key)).run({ inputs });
      const { outputs } = programOf(key);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, spec]) => [name, results.get(spec.name)!]),
      );
    },

    async step(signal, batches, stepOptions) {
      optimiser ??= await beginTraining();
      optimiser.gradients.data.fill(0);
      const random = createRandom(stepOptions.seed);
      let loss = 0;
      for (const batch of batches) {
        throwIfAborted(signal);
        loss += batch.share * (await pass(optimiser, batch, random));
      }
      if (!Number.isFinite(loss)) throw new MmelError("NOT_A_NUMBER", { what: `the loss is ${loss}` });
      throwIfAborted(signal);
      const gradientNorm = update(optimiser, weights.views, matrices, stepOptions);
      await closePacked();
      return { loss, gradientNorm };
    },

    weights: async () => copyOf(weights),

    async exchange() {
      if (optimiser?.averages === undefined) return;
      const trained = copyOfTrained(optimiser, weights.views);
      for (const [name, view] of optimiser.averages.views) weights.views.get(name)!.set(view);
      optimiser.averages = trained;
      await closePacked();
    },

    state: async () => ({
      weights: copyOf(weights),
      firstMoments: copyOf(optimiser?.firstMoments),
      secondMoments: copyOf(optimiser?.secondMoments),
      averages: copyOf(optimiser?.averages),
      step: optimiser?.step ?? 0,
    }),

    async restore(_, state) {
      const resumed = createOptimiser(sizesOf(weights, [...state.firstMoments.keys()]));
      fill(resumed.firstMoments, state.firstMoments);
      fill(resumed.secondMoments, state.secondMoments);
      fill(weights, state.weights);
      if (state.averages.size > 0) {
        resumed.averages = copyOfTrained(resumed, weights.views);
        fill(resumed.averages, state.averages);
      }
      resumed.step = state.step;
      optimiser = state.step === 0 ? undefined : resumed;
      await closePacked();
    },

    close: async () => sessions[Symbol.asyncDispose](),
  };
}

function lossOf(key: string, { outputs }: Program, results: ReadonlyMap<string, Tensor>): number {
  const loss = results.get(outputs.loss?.name ?? "")?.data;
  if (loss?.length === 1) return Number(loss[0]);
  throw new MmelError("GRAPH", {
    what: "the program has no scalar output `loss`",
    where: `program "${key}"`,
  });
}

function sizesOf({ views }: FlatTensors, names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    names.map((name) => {
      const view = views.get(name);
      if (view === undefined)
        throw new MmelError("GRAPH", { what: "the weight is not loaded", where: `weight "${name}"` });
      return [name, view.length];
    }),
  );
}

/** Returns a copy of all tensors, or an empty map if there are none. */
function copyOf(tensors: FlatTensors | undefined): NamedArrays {
  if (tensors === undefined) return new Map();
  const copy = allocate(sizesOf(tensors, [...tensors.views.keys()]));
  copy.data.set(tensors.data);
  return copy.views;
}

/**
 * Overwrites every tensor with its saved values. Throws `MODEL_DAMAGED`, before changing anything, if a saved tensor is
 * missing or has a different size.
 */
function fill(tensors: FlatTensors, from: NamedArrays): void {
  for (const [name, view] of tensors.views) {
    if (from.get(name)?.length === view.length) continue;
    const what = `the saved weight has ${from.get(name)?.length ?? "no"} elements`;
    throw new MmelError("MODEL_DAMAGED", {
      what,
      where: `weight "${name}"`,
      expected: `${view.length} elements`,
    });
  }
  for (const [name, view] of tensors.views) view.set(from.get(name)!);
}
