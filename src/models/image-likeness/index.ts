export { nearestCosines, pictureEvidence } from "./evidence.js";
export { copySight, saveSight } from "./files.js";
export { createSighted } from "./model.js";
export { createProjector } from "./projector.js";
export { NAME_COUNTS, type Sight, type SightConfig, VIEW_KINDS, viewKinds } from "./sight.js";
export { withSight } from "./with-sight.js";
