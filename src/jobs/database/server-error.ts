import { MmelError } from "../../core/index.js";

/** What a failed exchange with a server means to the user; errors of our own pass unchanged. Nothing secret is in them. */
export function serverError(error: unknown, where: string): unknown {
  if (error instanceof MmelError || !(error instanceof Error)) return error;
  const state = codeOf(error);
  const known = error.message.startsWith("SASL: ") ? LOGIN : REFUSALS[state]; // the driver, when it has no password
  if (known !== undefined) {
    const what = `${known.what} (${error.message})`;
    return new MmelError("QUEUE_DENIED", { ...known, what, where, cause: error });
  }
  if (isLost(state, error.message)) {
    const why = error.message === "" ? state : error.message;
    return new MmelError("QUEUE_UNAVAILABLE", {
      what: `the server does not answer (${why})`,
      where,
      hint: "whether PostgreSQL runs there and may be reached from here",
      cause: error,
    });
  }
  if (!/^[0-9A-Z]{5}$/.test(state)) return error;
  return new MmelError("QUEUE_DENIED", {
    what: `the server reports ${error.message} (SQLSTATE ${state})`,
    where,
    cause: error,
  });
}

/** What a failure to make tables means. */
export function makingError(error: unknown, where: string): unknown {
  const known = serverError(error, where);
  const lacksRight = known instanceof MmelError && codeOf(known.detail.cause) === "42501";
  if (!lacksRight) return known;
  return new MmelError(known.code, { ...known.detail, hint: "GRANT CREATE ON DATABASE … TO …" });
}

/** Whether the same may go well a little later: the server is away, starting, or too busy just now. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof MmelError)) return false;
  if (error.code === "QUEUE_UNAVAILABLE" || error.code === "KB_UNAVAILABLE") return true;
  return error.code === "QUEUE_DENIED" && CROWDED.has(codeOf(error.detail.cause));
}

/** SQLSTATE or error number of the system; empty when there is none. */
function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}

interface Refusal {
  readonly what: string;
  readonly hint: string;
}

const LOGIN: Refusal = {
  what: "the server does not let this user in",
  hint: "the user and the password (PGPASSWORD or ~/.pgpass keep it off the command line)",
};

/** By SQLSTATE. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  "28P01": LOGIN,
  "28000": LOGIN,
  "3D000": { what: "the server has no such database", hint: "createdb, or another name" },
  "42501": {
    what: "the user lacks a right",
    hint: "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA mmel_jobs, mmel_boss TO … with GRANT USAGE ON SCHEMA mmel_jobs, mmel_boss TO …, or the owner of the tables",
  },
  "23503": { what: "the submission was removed meanwhile", hint: "submitting the file again" },
  "53100": { what: "the server's disk is full", hint: "making room there" },
  "25006": { what: "the server takes no changes", hint: "the address of the primary, not of a copy" },
};

/** Serialisation, deadlock, lock timeout, out of memory or connections. */
const CROWDED = new Set(["40001", "40P01", "55P03", "53200", "57014"]);

const SYSTEM = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** Class 08, shutting down or starting up, no connection left; and what the driver says without any code. */
function isLost(state: string, message: string): boolean {
  return (
    SYSTEM.has(state) ||
    /^(08...|57P0[1-4]|53300)$/.test(state) ||
    /connection (terminated|ended|error)|timeout (expired|exceeded)|read timeout|not queryable/i.test(message)
  );
}
