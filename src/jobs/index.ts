export { cancel, deleteSubmission, findSubmission, retry } from "./follow/commands.js";
export { linkedLines, rejectedLines } from "./follow/results.js";
export { type JobsStatus, type SubmissionStatus, status } from "./follow/status.js";
export { type JobQueue, openQueue } from "./queue/index.js";
export { type SubmitOptions, type Submitted, submitCaptions } from "./submit/submit-captions.js";
export { type Worked, type WorkOptions, work } from "./work/worker.js";
