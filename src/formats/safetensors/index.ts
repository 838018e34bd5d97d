export { damaged, issuesOf, openFile, readHeader, type StoredTensor, type StoredTensors } from "./header.js";
export { matchTensors, readTensor, readTensors, type TensorNaming } from "./read.js";
export { type NamedTensor, type WrittenDtype, writeTensors } from "./write.js";
