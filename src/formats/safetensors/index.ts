export { damaged, issuesOf, readHeader, type StoredTensor, type StoredTensors } from "./header.js";
export { matchTensors, readTensors, type TensorNaming } from "./read.js";
export { type NamedTensor, writeTensors } from "./write.js";
