export { cancel } from "./commands.js";
export { deleteSubmission } from "./delete-submission.js";
export { findSubmission } from "./find-submission.js";
export { linkedLines, rejectedLines } from "./results.js";
export { retry } from "./retry.js";
export {
  type JobsStatus,
  type SubmissionStage,
  type SubmissionStatus,
  status,
  type WorkerStatus,
} from "./status.js";
