import { join } from "node:path";
import { percent } from "../../core/index.js";
import { writeAtomically } from "../../formats/index.js";
import { MODEL_FILES } from "../../models/model-files.js";
import { copyModel, replaceModelFolder } from "../../models/replace-folder.js";
import type { Adapted } from "./adapt.js";

/**
 * Writes an adapted model to the folder `output`: a copy of the given model with the fitted weights and calibration. A
 * killed process leaves the old state or the new one. Throws the errors of `replaceModelFolder`.
 */
export async function saveAdapted(adapted: Adapted, output: string): Promise<void> {
  const { stage, weights, fitted } = adapted;
  await replaceModelFolder(output, async (draft) => {
    const write = (name: string, text: string): Promise<void> => writeAtomically(join(draft, name), [text]);
    await copyModel(stage.folder, draft);
    if (weights !== stage.weights) await write(stage.file, `${JSON.stringify(weights, null, 1)}\n`);
    await write(MODEL_FILES.calibration, `${JSON.stringify(fitted, null, 2)}\n`);
    await write(MODEL_FILES.card, cardOf(adapted));
  });
}

function cardOf({ stage, weights, captions, comparison: { correct, logLoss } }: Adapted): string {
  const changed =
    weights === stage.weights
      ? "the calibration of this model, in `calibration.json`,"
      : `the lexical ranker (\`${stage.file}\`) and the calibration (\`calibration.json\`) of this model`;
  return `# An adapted model

\`mmel adapt\` fitted ${changed} to ${captions.fitted} captions.

On ${captions.heldBack} captions that were held back (${correct.mentions} mentions), ${percent(correct.after)} of the outcomes are right
(${percent(correct.before)} before), and the log loss is ${logLoss.after.toFixed(3)} (${logLoss.before.toFixed(3)} before).
`;
}
