export { quantiseRows } from "./dtypes.js";
export {
  damaged,
  issuesOf,
  matchTensors,
  openFile,
  readDivisors,
  readHeader,
  readTensor,
  readTensors,
  type StoredTensor,
  type StoredTensors,
  type TensorNaming,
} from "./read.js";
export { type NamedTensor, type WrittenDtype, writeTensors } from "./write.js";
