import { MmelError } from "../../core/index.js";
import type { Checkpoint } from "../checkpoint/index.js";
import { type MmelOptions, rankingOf, startScorer } from "../mmel/index.js";
import type { Model } from "../model.js";
import { createCascade } from "./cascade.js";
import { selectionSchema } from "./select.js";

/**
 * A checkpoint trained on top of a first stage, together with that stage, which is closed with it. The first stage's
 * floor for NIL holds for both. `MODEL_DAMAGED` when it was trained on top of another one.
 */
export async function loadCascade(
  checkpoint: Checkpoint,
  first: Model,
  options?: MmelOptions,
): Promise<Model<Float32Array>> {
  assertSame(checkpoint, first);
  const { config, hash } = checkpoint;
  const { scorer, engine } = await startScorer(checkpoint, options);
  return createCascade({
    name: config.name,
    hash,
    first,
    config: config.head,
    scorer,
    release: () => engine.close(),
    selection: config.selection ?? selectionSchema.parse({}),
    ranking: rankingOf({ config: config.head, ranking: config.ranking }),
    ...(first.calibration !== undefined && { calibration: first.calibration }),
  });
}

function assertSame({ config: { name, firstStage }, folder }: Checkpoint, first: Model): void {
  if (firstStage?.hash === first.hash) return;
  const trained = firstStage === undefined ? "an unknown model" : `${firstStage.name}@${firstStage.hash}`;
  throw new MmelError("MODEL_DAMAGED", {
    what: `${name} was trained on top of ${trained}, and here is ${first.name}@${first.hash}`,
    where: folder,
    expected: "the same first stage",
    hint: "the release of mmel that trained it, or training again with this one",
  });
}
