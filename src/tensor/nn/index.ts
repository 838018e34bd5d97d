export { type AttentionOptions, attention, attentionBias } from "../nn.js";
export { attentionBlock } from "./block.js";
export { feedForward } from "./feed-forward.js";
export { linear, project } from "./linear.js";
export { crossEntropy, listwise, marginLoss } from "./losses.js";
export { norm } from "./norm.js";
