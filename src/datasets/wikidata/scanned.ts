import type { ErrorCode, ErrorDetail } from "../../core/index.js";

/** Whole lines of a dump. */
export interface Lines {
  readonly bytes: Uint8Array;
  /** Number of the first one, from 1. */
  readonly line: number;
}

/** A line that holds no entity, as threads can tell it. */
export interface BadLine {
  readonly line: number;
  readonly id?: string;
  readonly code: ErrorCode;
  readonly detail: Omit<ErrorDetail, "cause" | "where">;
  readonly excerpt: string;
}

export interface Counts {
  /** Entities that the filter takes and that have a name. */
  readonly taken: number;
  /** Entities that the filter takes and that have no name in the languages asked for. */
  readonly nameless: number;
  readonly redirects: number;
  /** Deleted, or never there: what the service answers for an id it does not know. */
  readonly missing: number;
}

/** What is in some lines; texts are line by line, each with its line feed. */
export interface Scanned {
  /** JSON: `[line, draft]`. */
  readonly drafts: string;
  /** `31⇥Belgium` for each item, taken or not: what a reference to it will say. */
  readonly labels: string;
  /** Numbers of the items taken, and of those that they refer to. */
  readonly taken: Uint32Array<ArrayBuffer>;
  readonly needed: Uint32Array<ArrayBuffer>;
  /** `1>31`: the item of the first number is now that of the second. */
  readonly redirects: string;
  readonly bad: readonly BadLine[];
  readonly counts: Counts;
  /** The brackets of the array around the entities that were seen. */
  readonly opened: boolean;
  readonly closed: boolean;
}
