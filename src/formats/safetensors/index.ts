export { damaged, issuesOf, readHeader, type StoredTensor, type StoredTensors } from "./header.js";
export { matchTensors, readTensors, type TensorNaming, type TensorShapes } from "./read.js";
export { type NamedTensor, type WrittenDtype, writeTensors } from "./write.js";
