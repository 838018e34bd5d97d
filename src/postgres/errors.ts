import { cutEcho } from "../core/echo.js";
import { type ErrorCode, MmelError } from "../core/index.js";

/**
 * Kinds of database errors. Only `unavailable` errors are retried, because the same action may succeed a little later.
 */
export type Kind = "unavailable" | "denied" | "missing" | "full" | "damaged" | "encoding";

/**
 * What a server is used for: a knowledge base or a job queue. Provides the codes, nouns and hints for error messages.
 */
export interface Subject {
  readonly codes: "KB" | "QUEUE";
  /** The URL of the server, without its secrets. */
  readonly where: string;
  readonly words: Readonly<Record<Word, string>>;
}

/**
 * Placeholders in error texts. `subject` and `item` are replaced with nouns, `privilege` with a noun phrase, and all
 * other placeholders with complete sentences.
 */
export type Word = "subject" | "item" | "privilege" | "grant" | "wait" | "timeLimit" | "create" | "repeat";

const CODES: Readonly<Record<Subject["codes"], Readonly<Record<Kind, ErrorCode>>>> = {
  KB: {
    unavailable: "KB_UNAVAILABLE",
    denied: "KB_DENIED",
    missing: "KB_NOT_FOUND",
    full: "FILE_UNWRITABLE",
    damaged: "KB_DAMAGED",
    encoding: "CONFIG",
  },
  QUEUE: {
    unavailable: "QUEUE_UNAVAILABLE",
    denied: "QUEUE_DENIED",
    missing: "QUEUE_DENIED",
    full: "QUEUE_DENIED",
    damaged: "QUEUE_DENIED",
    encoding: "CONFIG",
  },
};

interface Meaning {
  readonly kind: Kind;
  /**
   * Description of the problem. The message adds the reason in parentheses. `what`, `expected` and `hint` may contain
   * placeholders, such as `{item}`.
   */
  readonly what: string;
  readonly expected?: string;
  readonly hint: string;
}

const AWAY: Meaning = {
  kind: "unavailable",
  what: "the server does not respond",
  expected: "a PostgreSQL server that accepts connections",
  hint: "Check that PostgreSQL is running and reachable. {wait}",
};
const UNKNOWN_HOST: Meaning = {
  kind: "unavailable",
  what: "the server's host name cannot be resolved",
  expected: "a host name that resolves to an IP address",
  hint: "Check the host name in the URL and the DNS settings. {wait}",
};
const BUSY: Meaning = {
  kind: "unavailable",
  what: "the server is too busy",
  hint: "Try again when the server is less busy. {wait}",
};
const TOO_LONG: Meaning = {
  kind: "unavailable",
  what: "a statement took too long or was cancelled",
  hint: "{timeLimit}",
};
const LOGIN: Meaning = {
  kind: "denied",
  what: "the server rejected the login",
  expected: "a valid role and its password",
  hint: "Set the password in `PGPASSWORD`, `~/.pgpass` or the URL (`USER:PASSWORD@`, with `%40` for an @ in it).",
};
const NOT_ADMITTED: Meaning = {
  kind: "denied",
  what: "the server rejected the login",
  expected: "a role that may connect to this database from this host",
  hint: "Create the role with `CREATE ROLE NAME LOGIN PASSWORD '…'`, or admit it in the server's `pg_hba.conf`. If the server demands encryption, use `sslmode=require`.",
};
const NO_PASSWORD: Meaning = { ...LOGIN, what: "the server requires a password, but none was given" };
const NO_PRIVILEGE: Meaning = {
  kind: "denied",
  what: "the role lacks a privilege",
  expected: "{privilege}",
  hint: "{grant}",
};
const READ_ONLY: Meaning = {
  kind: "denied",
  what: "the server is read-only",
  expected: "a primary server",
  hint: "Use the URL of the primary server, not of a standby server.",
};
const TLS: Meaning = {
  kind: "denied",
  what: "a secure connection to the server cannot be established",
  expected: "TLS settings that match the server's settings",
  hint: "Check `sslmode`, `sslcert` and `sslkey` in the URL, and the server's log.",
};
const NO_TLS: Meaning = {
  ...TLS,
  what: "the server does not offer encryption",
  expected: "a server with `ssl = on`",
  hint: "Turn on `ssl` on the server, or allow connections without encryption with `sslmode=prefer` in the URL.",
};
const UNTRUSTED: Meaning = {
  ...TLS,
  what: "the server's certificate is not trusted",
  expected: "a certificate that is signed by a trusted authority",
  hint: "Set `sslrootcert=FILE` in the URL to the certificate of the authority, or use `sslmode=require` without `sslrootcert` to encrypt without checking the certificate.",
};
const OUTDATED: Meaning = {
  ...TLS,
  what: "the server's certificate is not valid now",
  expected: "a certificate within its period of validity",
  hint: "Renew the certificate on the server, and check the clocks of both machines.",
};
const OTHER_HOST: Meaning = {
  ...TLS,
  what: "the server's certificate is for another host",
  expected: "a certificate for the host in the URL",
  hint: "Use the host name in the certificate, or `sslmode=verify-ca`, which does not check the host name.",
};
const TLS_FAULTS: readonly Meaning[] = [TLS, NO_TLS, UNTRUSTED, OUTDATED, OTHER_HOST];
const NO_DATABASE: Meaning = {
  kind: "missing",
  what: "the database does not exist",
  expected: "the name of an existing database",
  hint: "Create the database with `CREATE DATABASE NAME ENCODING 'UTF8' TEMPLATE template0`.",
};
const NO_TABLES: Meaning = {
  kind: "missing",
  what: "the database has no tables for a {subject}",
  expected: "a database with a {subject}",
  hint: "{create}",
};
const REMOVED: Meaning = {
  kind: "denied",
  what: "the {item} was removed in the meantime",
  hint: "{repeat}",
};
const FULL: Meaning = {
  kind: "full",
  what: "the server's disk is full",
  expected: "enough free space for the {subject}",
  hint: "Free space on the server. {repeat}",
};
const DAMAGED: Meaning = {
  kind: "damaged",
  what: "the data on the server is damaged",
  hint: "Restore the database from a backup.",
};
const UNSTORABLE: Meaning = {
  kind: "encoding",
  what: "the database cannot represent a character",
  expected: "a database that stores text as UTF-8",
  hint: "Create a database with `CREATE DATABASE NAME ENCODING 'UTF8' TEMPLATE template0`.",
};
/** Meaning of errors from the server or `pg` that are in none of the tables below. */
const REPORTED: Meaning = {
  kind: "denied",
  what: "PostgreSQL reported an error",
  hint: "Check the server's log.",
};

/**
 * Meanings by SQLSTATE or SQLSTATE class (https://www.postgresql.org/docs/current/errcodes-appendix.html), or by the
 * operating system's error code.
 */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  ...rows(
    AWAY,
    "ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ENOENT",
  ),
  ...rows(UNKNOWN_HOST, "ENOTFOUND EAI_AGAIN"),
  ...rows(AWAY, "08 57P01 57P02 57P03 57P05 25P03"),
  ...rows(BUSY, "40001 40P01 53200 53300 55P03"),
  ...rows(TOO_LONG, "57014 25P04"),
  ...rows(LOGIN, "28"),
  ...rows(NOT_ADMITTED, "28000"),
  ...rows(NO_PRIVILEGE, "42501"),
  ...rows(READ_ONLY, "25006"),
  ...rows(NO_DATABASE, "3D000 57P04"),
  ...rows(NO_TABLES, "3F000 42P01"),
  ...rows(REMOVED, "23503"),
  ...rows(FULL, "53100"),
  ...rows(DAMAGED, "XX001 XX002"),
  ...rows(UNSTORABLE, "22P05"),
  ...rows(
    UNTRUSTED,
    "DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE CERT_UNTRUSTED INVALID_CA",
  ),
  ...rows(OUTDATED, "CERT_HAS_EXPIRED CERT_NOT_YET_VALID"),
  ...rows(OTHER_HOST, "ERR_TLS_CERT_ALTNAME_INVALID"),
};

/**
 * Meanings of errors that `pg` reports without a code. `reason` replaces a message that users would not understand;
 * if it is empty, the message gives no reason.
 */
const BY_MESSAGE: readonly { readonly on: RegExp; readonly meaning: Meaning; readonly reason?: string }[] = [
  { on: /^SASL: .*client password must be/, meaning: NO_PASSWORD, reason: "" },
  { on: /^SASL: /, meaning: LOGIN },
  { on: /read timeout|timeout (expired|exceeded)|connection timeout/i, meaning: AWAY, reason: "timeout" },
  {
    on: /connection (terminated|ended|error)|not queryable|client was closed/i,
    meaning: AWAY,
    reason: "connection lost",
  },
  { on: /does not support SSL/, meaning: NO_TLS, reason: "" },
  { on: /\b(SSL|TLS)\b/, meaning: TLS },
];

/** Codes of TLS errors that have no row in `BY_CODE`. */
const TLS_CODE = /CERT|^ERR_(TLS|SSL|OSSL)|^UNABLE_TO_|^EPROTO$/;

function rows(meaning: Meaning, codes: string): Record<string, Meaning> {
  return Object.fromEntries(codes.split(" ").map((code) => [code, meaning]));
}

/**
 * Converts an error from `pg`, the server or the network to an `MmelError` that explains the problem to the user. The
 * original error becomes its cause. Returns any other error unchanged, such as an `MmelError`, an error of another
 * class of this package, or a bug.
 */
export function explain(error: unknown, subject: Subject): unknown {
  const found = classify(error);
  if (found === undefined) return error;
  const { meaning, reason } = found;
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, word: Word) => subject.words[word]).trim();
  return new MmelError(CODES[subject.codes][meaning.kind], {
    what: reason === "" ? fill(meaning.what) : `${fill(meaning.what)} (${cutEcho(reason)})`,
    where: subject.where,
    expected: meaning.expected && fill(meaning.expected),
    hint: fill(meaning.hint),
    cause: error,
  });
}

/** Returns the kind of an error from `pg`, the server or the network; undefined for any other error. */
export function kindOf(error: unknown): Kind | undefined {
  return classify(error)?.meaning.kind;
}

/** Returns whether an error of `pg` means that no encrypted connection can be made. */
export function isTlsFault(error: unknown): boolean {
  const meaning = classify(error)?.meaning;
  return meaning !== undefined && TLS_FAULTS.includes(meaning);
}

/**
 * Returns whether the same action may succeed a little later, that is, whether `explain` returned this error for the
 * kind `unavailable`.
 */
export function isTransient(error: unknown): error is MmelError {
  return (
    error instanceof MmelError && (error.code === "KB_UNAVAILABLE" || error.code === "QUEUE_UNAVAILABLE")
  );
}

/**
 * Returns the SQLSTATE or system code of an error, or of the cause of an `MmelError`; undefined if there is no code.
 */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof MmelError) return codeOf(error.detail.cause);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code !== "" ? code : undefined;
}

function classify(error: unknown): { readonly meaning: Meaning; readonly reason: string } | undefined {
  if (!(error instanceof Error) || error instanceof MmelError || error instanceof TypeError) return undefined;
  // A host with several addresses causes one error per address. It is available when one address is available.
  const several = error instanceof AggregateError ? error.errors.map(classify) : [];
  const known = several.find((one) => one?.meaning.kind === "unavailable") ?? several[0];
  if (known !== undefined) return known;

  const code = codeOf(error);
  if (code !== undefined) {
    const isState = /^[0-9A-Z]{5}$/.test(code);
    const group = isState ? BY_CODE[code.slice(0, 2)] : undefined;
    const meaning = BY_CODE[code] ?? (TLS_CODE.test(code) ? TLS : group);
    if (meaning === AWAY || meaning === UNKNOWN_HOST) return { meaning, reason: code };
    const reason =
      isState && meaning === undefined ? `${error.message}, SQLSTATE ${code}` : error.message || code;
    return { meaning: meaning ?? REPORTED, reason };
  }
  const row = BY_MESSAGE.find(({ on }) => on.test(error.message));
  if (row !== undefined) return { meaning: row.meaning, reason: row.reason ?? error.message };
  // `pg` throws instances of `Error` itself; this package throws only instances of subclasses.
  return error.constructor === Error ? { meaning: REPORTED, reason: error.message } : undefined;
}
