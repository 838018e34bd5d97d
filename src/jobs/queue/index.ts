export { affected, createQueue, deleteQueue, type JobData, queueOf, within } from "./pg-boss.js";
export { type JobQueue, openQueue, type QueueOptions } from "./open-queue.js";
export { addPieces, type Renewed, renewPieces, type Stretch } from "./add-jobs.js";
export { oneAtATime } from "./tables.js";
