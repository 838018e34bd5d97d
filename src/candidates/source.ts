import type { Candidate } from "../core/index.js";

/** Finds the entities that a name may mean. */
export interface CandidateSource extends AsyncDisposable {
  /** For each name its candidates, best first, at most `limit` (section 4.1 of the paper: 100). */
  candidates(names: readonly string[], limit: number): Promise<readonly (readonly Candidate[])[]>;
}
