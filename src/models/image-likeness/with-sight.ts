import type { OpenImages } from "../../pictures/index.js";
import type { Model } from "../model.js";
import { readSight } from "./likeness-files.js";
import { createSighted } from "./likeness-model.js";
import { createProjector } from "./projector.js";

/** A model of the text with the sight in a folder, where there are pictures to look at. Errors as `readSight` and `images`. */
export async function withSight(
  first: Model,
  folder: string,
  images: OpenImages | undefined,
): Promise<Model> {
  if (images === undefined) return first;
  const sight = await readSight(folder);
  const { encoder, views } = sight.config;
  return createSighted({
    first,
    sight,
    images: await images({ encoder, views }),
    projector: await createProjector(sight),
  });
}
