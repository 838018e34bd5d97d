export { cancel, deleteSubmission, findSubmission, retry } from "./commands.js";
export { linkedLines, rejectedLines } from "./results.js";
export { type JobsStatus, type SubmissionStatus, status } from "./status.js";
