export { affected, createQueue, deleteQueue, type JobData, queueOf, within } from "./boss.js";
export { type JobQueue, openQueue, type QueueOptions } from "./open-queue.js";
export { addPieces, type Renewed, renewPieces, type Stretch } from "./pieces.js";
export { oneAtATime } from "./schema.js";
