/**
 * Fits an image-similarity model, in the same way as for the default model, and writes it to the model folder MODEL:
 * npx tsx experiments/pictures/fit-image-likeness.ts CAPTIONS KB IMAGES FEATURES MODEL [ENCODER]
 */
import { findImageEncoder } from "../../src/encoders/image/index.js";
import { readCaptions } from "../../src/formats/index.js";
import { lookUp, openParts } from "../../src/linker/index.js";
import { saveImageLikeness } from "../../src/models/image-likeness/index.js";
import { openPictures } from "../../src/pictures/index.js";
import { fitImageLikeness } from "../../src/training/image-likeness/index.js";

const [captions, kb, images, features, folder, encoder = "efficientnet-lite0"] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string?,
];
const VIEWS = 6;
const { id, hash } = await findImageEncoder(encoder);
const need = { encoder: { id, hash }, views: VIEWS };
await using pictures = await openPictures({ images, features, encoder });
await using parts = await openParts({ kb, model: "lexical" });

async function* found() {
  for await (const read of readCaptions(captions)) {
    if (read.kind !== "record") continue;
    const [caption] = await lookUp(parts, [read.value], 100);
    yield caption!;
  }
}

const likeness = await fitImageLikeness({
  entities: parts.store.all(),
  captions: found(),
  text: parts.model,
  images: await pictures.open(need),
  need,
});
await saveImageLikeness(folder, likeness);
console.log(JSON.stringify(likeness.config));
