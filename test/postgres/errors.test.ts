import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ErrorCode, MmelError } from "../../src/core/index.js";
import { queueSubject } from "../../src/jobs/database.js";
import { openQueue } from "../../src/jobs/index.js";
import { openStore, prepareStore } from "../../src/kb/index.js";
import { kbSubject, parseTarget } from "../../src/kb/postgres/target.js";
import { codeOf, explain, type Kind, kindOf, type Subject } from "../../src/postgres/index.js";

/** A server whose every connection fails with `error`, and the times of the attempts. */
const server = vi.hoisted(() => ({ error: new Error("none"), attempts: [] as number[] }));
vi.mock("pg", () => {
  class Connection {
    readonly options = {};
    readonly connection = { stream: { destroy() {} } };
    on() {}
    async connect(): Promise<never> {
      server.attempts.push(performance.now());
      throw server.error;
    }
    async end() {}
  }
  return { default: { Client: Connection, Pool: Connection } };
});

const URL_OF_SERVER = "postgres://linker:s3cret@db.example.org:5432/catalogue?sslmode=require";
const SHOWN = "postgres://linker:***@db.example.org:5432/catalogue?sslmode=require";
const kb = kbSubject(parseTarget(URL_OF_SERVER), "reading");
const queue = queueSubject(SHOWN);

const state = (code: string, message: string) => Object.assign(new Error(message), { code });
const REFUSED = state("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:5432");

/** An error, its kind, its code for a knowledge base and for jobs, and what it says. */
type Row = readonly [Error, Kind, ErrorCode, ErrorCode, string];

const ERRORS: readonly Row[] = [
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"].map((code) =>
    unavailable(state(code, `connect ${code} 127.0.0.1:5432`), `the server does not respond (${code})`),
  ),
  unavailable(state("ENOENT", "connect ENOENT /run/.s.PGSQL.5432"), "the server does not respond (ENOENT)"),
  unavailable(
    state("ENOTFOUND", "getaddrinfo ENOTFOUND db"),
    "the server's host name cannot be resolved (ENOTFOUND)",
  ),
  unavailable(
    state("EAI_AGAIN", "getaddrinfo EAI_AGAIN db"),
    "the server's host name cannot be resolved (EAI_AGAIN)",
  ),
  unavailable(
    Object.assign(new AggregateError([REFUSED, REFUSED]), { code: "ECONNREFUSED" }),
    "the server does not respond (ECONNREFUSED)",
  ),
  unavailable(
    new AggregateError([state("EACCES", "no"), REFUSED]),
    "the server does not respond (ECONNREFUSED)",
  ),
  ...["08000", "08006", "57P01", "57P02", "57P03", "57P05", "25P03"].map((code) =>
    unavailable(state(code, "terminating connection"), `the server does not respond (${code})`),
  ),
  ...["40001", "40P01", "53200", "53300", "55P03"].map((code) =>
    unavailable(state(code, "could not obtain it"), "the server is too busy (could not obtain it)"),
  ),
  unavailable(
    state("57014", "canceling statement"),
    "a statement took too long or was cancelled (canceling statement)",
  ),
  ...[
    "Query read timeout",
    "timeout expired",
    "timeout exceeded when trying to connect",
    "Connection terminated due to connection timeout",
  ].map((message) => unavailable(new Error(message), "the server does not respond (timeout)")),
  ...[
    "Connection terminated unexpectedly",
    "Client has encountered a connection error and is not queryable",
    "Client was closed and is not queryable",
  ].map((message) => unavailable(new Error(message), "the server does not respond (connection lost)")),
  ...["28P01", "28000"].map((code) =>
    denied(state(code, "authentication failed"), "the server rejected the login (authentication failed)"),
  ),
  denied(
    new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"),
    "the server requires a password, but none was given",
  ),
  denied(
    new Error("SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature is missing"),
    "the server rejected the login (SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature is missing)",
  ),
  denied(
    state("42501", "permission denied for table t"),
    "the role lacks a privilege (permission denied for table t)",
  ),
  denied(state("25006", "cannot execute UPDATE"), "the server is read-only (cannot execute UPDATE)"),
  denied(
    state("23503", "violates a foreign key"),
    "the {item} was removed in the meantime (violates a foreign key)",
  ),
  denied(state("XX000", "internal error"), "PostgreSQL reported an error (internal error, SQLSTATE XX000)"),
  denied(state("P0001", "no"), "PostgreSQL reported an error (no, SQLSTATE P0001)"),
  denied(
    state("22021", "invalid byte sequence"),
    "PostgreSQL reported an error (invalid byte sequence, SQLSTATE 22021)",
  ),
  denied(state("EACCES", "connect EACCES"), "PostgreSQL reported an error (connect EACCES)"),
  denied(
    new Error("Received unexpected commandComplete message"),
    "PostgreSQL reported an error (Received unexpected commandComplete message)",
  ),
  denied(
    state("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate"),
    "the server's certificate is not trusted (self-signed certificate)",
  ),
  denied(
    state("CERT_HAS_EXPIRED", "certificate has expired"),
    "the server's certificate is not valid now (certificate has expired)",
  ),
  denied(
    state("ERR_TLS_CERT_ALTNAME_INVALID", "Host: db. is not in the list"),
    "the server's certificate is for another host (Host: db. is not in the list)",
  ),
  ...["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "ERR_OSSL_EVP_UNSUPPORTED", "EPROTO"].map((code) =>
    denied(state(code, "alert"), "a secure connection to the server cannot be established (alert)"),
  ),
  denied(new Error("The server does not support SSL connections"), "the server does not offer encryption"),
  ...["3D000", "57P04"].map((code) =>
    missing(state(code, "database is gone"), "the database does not exist (database is gone)"),
  ),
  ...["42P01", "3F000"].map((code) =>
    missing(state(code, "no relation"), "the database has no tables for a {subject} (no relation)"),
  ),
  [
    state("53100", "could not extend file"),
    "full",
    "FILE_UNWRITABLE",
    "QUEUE_DENIED",
    "the server's disk is full (could not extend file)",
  ],
  ...["XX001", "XX002"].map(
    (code) =>
      [
        state(code, "invalid page"),
        "damaged",
        "KB_DAMAGED",
        "QUEUE_DENIED",
        "the data on the server is damaged (invalid page)",
      ] as const,
  ),
  [
    state("22P05", "untranslatable character"),
    "encoding",
    "CONFIG",
    "CONFIG",
    "the database cannot represent a character (untranslatable character)",
  ],
];

function unavailable(error: Error, what: string): Row {
  return [error, "unavailable", "KB_UNAVAILABLE", "QUEUE_UNAVAILABLE", what];
}
function denied(error: Error, what: string): Row {
  return [error, "denied", "KB_DENIED", "QUEUE_DENIED", what];
}
function missing(error: Error, what: string): Row {
  return [error, "missing", "KB_NOT_FOUND", "QUEUE_DENIED", what];
}

/** Milliseconds from the first attempt to each, when no jitter is added: 50 ms doubled up to 2 s, and a last attempt after 10 s. */
const SCHEDULE = [0, 50, 150, 350, 750, 1550, 3150, 5150, 7150, 9150, 10_000];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The error of an action while every connection fails with `error`, and the times of its attempts from the first. */
async function attemptsOf(error: Error, action: () => Promise<unknown>) {
  server.error = error;
  server.attempts = [];
  let failure: unknown;
  const running = action().catch((thrown) => {
    failure = thrown;
  });
  while (failure === undefined) await vi.advanceTimersByTimeAsync(50);
  await running;
  const [first = 0] = server.attempts;
  return { error: failure as MmelError, times: server.attempts.map((time) => Math.round(time - first)) };
}

/** The texts of an error with the words of its subject replaced by their names. */
function template({ detail }: MmelError, { words }: Subject) {
  const strip = (text = ""): string =>
    Object.entries(words)
      .sort(([, a], [, b]) => b.length - a.length)
      .reduce((rest, [word, value]) => rest.replaceAll(value, `{${word}}`), text);
  return {
    what: strip(detail.what),
    expected: strip(detail.expected),
    hint: strip(detail.hint),
    where: detail.where,
  };
}

const title = (error: Error): string => `${"code" in error ? error.code : error.name} ${error.message}`;

describe("explain", () => {
  it.each(ERRORS.map((row) => [title(row[0]), ...row] as const))(
    "gives knowledge bases and jobs the same meaning, text and attempts: %s",
    async (_, raw, kind, kbCode, queueCode, what) => {
      expect(kindOf(raw)).toBe(kind);
      const reading = await attemptsOf(raw, () => openStore(URL_OF_SERVER));
      const importing = await attemptsOf(raw, () => prepareStore(URL_OF_SERVER));
      const working = await attemptsOf(raw, () => openQueue(URL_OF_SERVER));

      expect(reading.error).toBeInstanceOf(MmelError);
      expect([reading, importing, working].map(({ error }) => error.code)).toEqual([
        kbCode,
        kbCode,
        queueCode,
      ]);
      const retried = kind === "unavailable";
      expect(template(working.error, queue)).toEqual({
        ...template(reading.error, kb),
        what: retried ? `${what}, retried for 10 s` : what,
        where: SHOWN,
      });
      expect(importing.error.detail.what).toBe(reading.error.detail.what);
      for (const { detail } of [reading.error, working.error]) {
        expect(detail.cause).toBe(raw);
        expect(detail.hint).toMatch(/^[A-Z].*\.$/);
      }
      const once = codeOf(raw) === "42501" ? [0, 0] : [0]; // asks the server which right is missing
      for (const { times } of [reading, importing, working]) expect(times).toEqual(retried ? SCHEDULE : once);
    },
  );

  it("returns bugs and errors of our own unchanged", () => {
    class Own extends Error {}
    const own = new MmelError("KB_BUSY", { what: "busy" });
    for (const error of [new TypeError("undefined is not a function"), new Own("own"), own, "text"])
      expect(explain(error, kb)).toBe(error);
  });
});
