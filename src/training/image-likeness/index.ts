export { fitSight, type SightData, type SightOptions } from "./fit.js";
