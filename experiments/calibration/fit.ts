import { saveCalibration } from "../../src/models/calibration/index.js";
import { bundledFolder, loadUncalibrated } from "../../src/models/registry.js";
import { calibrate } from "../../src/training/calibration/index.js";
import { openNewsroom, openWikimel } from "../lexical/data.js";

/**
 * Fits the calibration of a bundled model to the dev captions of Wikidata-MEL, and to the newsroom's captions for choosing,
 * which have relations between their names: `npx tsx experiments/calibration/fit.ts MODEL`. The figures are those of the dev
 * captions, cross-validated.
 */
const name = process.argv[2] ?? "lexical";
const folder = bundledFolder(name);
if (folder === undefined) throw new Error(`${name} is not a bundled model`);
const { model } = await loadUncalibrated(name);
await using _ = model;
const wikimel = await openWikimel("dev");
const newsroom = await openNewsroom();
let shown = 0;
const { fitted, figures } = await calibrate(wikimel.captions, {
  kb: [...wikimel.entities.values()],
  model,
  also: { captions: newsroom.captions, kb: [...newsroom.entities.values()] },
  onProgress: (done, total) => {
    if (done < shown + 500) return;
    shown = done;
    process.stderr.write(`${done} of ${total} captions\n`);
  },
});
await saveCalibration(fitted, folder, folder);
console.log(JSON.stringify(figures, null, 1));
