export { addJobs, type Range, type Renewed, renewJobs } from "./jobs.js";
export { type JobQueue, openQueue, type QueueOptions } from "./open-queue.js";
export { affected, createQueue, deleteQueue, type JobData, queueOf, within } from "./pg-boss.js";
export { exclusively } from "./tables.js";
