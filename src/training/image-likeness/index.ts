export { fitSight, type SightData, type SightOptions } from "./fit-image-likeness.js";
