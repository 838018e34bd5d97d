export { nearestCosines, pictureEvidence } from "./evidence.js";
export { NAME_COUNTS, type Sight, type SightConfig, VIEW_KINDS, viewKinds } from "./likeness.js";
export { copySight, saveSight } from "./likeness-files.js";
export { createSighted } from "./likeness-model.js";
export { createProjector } from "./projector.js";
export { withSight } from "./with-sight.js";
