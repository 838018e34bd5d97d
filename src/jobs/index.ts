export {
  cancel,
  deleteSubmission,
  findSubmission,
  type JobsStatus,
  linkedLines,
  rejectedLines,
  retry,
  type SubmissionStatus,
  status,
} from "./follow/index.js";
export { type JobQueue, openQueue } from "./queue/index.js";
export { type SubmitOptions, type Submitted, submitCaptions } from "./submit/submit-captions.js";
export { type Worked, type WorkOptions, work } from "./work/index.js";
