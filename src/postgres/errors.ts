import { type ErrorDetail, MmelError } from "../core/index.js";
import type { Target } from "../kb/postgres/target.js";

/** Errors of the network and SQLSTATEs that pass when the server is back. */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|08\w{3}|57P01|57P02|57P03|53300)$/;
/** What `pg` says of a connection that is gone, without a code. */
const GONE = /connection terminated|not queryable|client was closed/i;
/** The same of a server that is silent. */
const SILENT =
  /^(query read timeout|timeout expired|timeout exceeded when trying to connect)$|connection timeout$/i;

/** Whether the server is away and may come back. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof MmelError) return false;
  if (error instanceof AggregateError && error.errors.some(isAway)) return true;
  const code = codeOf(error);
  return code === undefined ? GONE.test(error.message) || SILENT.test(error.message) : AWAY.test(code);
}

/** What a role wants of a knowledge base; the rights for it differ. */
export type Purpose = "reading" | "importing";

/** What an error of the server or of the way to it means to a user; any other error as it is. */
export function failure(error: unknown, target: Target, purpose: Purpose): unknown {
  if (error instanceof MmelError || !(error instanceof Error)) return error;
  if (isAway(error)) return away(error, target);
  const code = codeOf(error);
  const known = code === undefined ? withoutCode(error) : (MEANINGS[code] ?? MEANINGS[code.slice(0, 2)]);
  if (known === undefined) return error;
  const { as, ...detail } = known(target, error, purpose);
  return new MmelError(as, { where: target.shown, ...detail, cause: error });
}

function away(error: Error, target: Target): MmelError {
  const reason = codeOf(error) ?? (SILENT.test(error.message) ? "silence" : "connection lost");
  return new MmelError("KB_UNAVAILABLE", {
    what: `the server does not answer (${reason}), tried for ${target.retry / 1000} s`,
    where: target.shown,
    expected: "a PostgreSQL server that runs and takes connections",
    hint: "again when it is back, or a longer ?retry=SECONDS",
    cause: error,
  });
}

type Meaning = (
  target: Target,
  error: Error,
  purpose: Purpose,
) => ErrorDetail & { readonly as: MmelError["code"] };

const denied: Meaning = ({ schema }, { message }, purpose) => ({
  as: "KB_DENIED",
  what: `the role has no right to this (${message})`,
  ...(purpose === "reading"
    ? {
        expected: "SELECT on the tables",
        hint: `mmel kb prepare --kb … --reader ROLE, run by the owner of the schema ${schema}`,
      }
    : {
        expected: `the owner of the schema ${schema}, who alone imports`,
        hint: `the owner's name in the URL, or GRANT OWNER TO ROLE; where there is no schema ${schema} yet, GRANT CREATE ON DATABASE NAME TO ROLE`,
      }),
});
const badLogin: Meaning = (_, { message }) => ({
  as: "KB_DENIED",
  what: `the server refuses the login (${message})`,
  expected: "the role's name and password",
  hint: "PGPASSWORD, ~/.pgpass or USER:PASSWORD@ in the URL, with %40 for an @ in it",
});
const noPassword: Meaning = (...of) => ({
  ...badLogin(...of),
  what: "the server asks for a password, and none was given",
});
const unknownHost: Meaning = (_, error) => ({
  as: "KB_UNAVAILABLE",
  what: `no server has this name (${codeOf(error)})`,
  expected: "a host that can be found",
});
const full: Meaning = () => ({
  as: "FILE_UNWRITABLE",
  what: "no room for the knowledge base on the server",
  expected: "room for the new version beside the current one",
});
const noTables: Meaning = (target) => ({
  as: "KB_NOT_FOUND",
  what: "no knowledge base",
  expected: `tables made by mmel kb import in the schema ${target.schema}`,
  hint: "mmel kb import FILE --kb …",
});

/** By SQLSTATE or its class. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  "28": badLogin,
  "42501": denied,
  "25006": () => ({
    as: "KB_DENIED",
    what: "the server is read-only, a standby perhaps",
    expected: "the primary server for importing",
  }),
  "3D000": () => ({
    as: "KB_NOT_FOUND",
    what: "no such database",
    expected: "a database that exists",
    hint: "CREATE DATABASE NAME ENCODING 'UTF8' TEMPLATE template0",
  }),
  "42P01": noTables,
  "3F000": noTables,
  ENOTFOUND: unknownHost,
  "53100": full,
  "57014": ({ timeout }) => ({
    as: "KB_UNAVAILABLE",
    what: `a statement took longer than ${timeout / 1000} s or was cancelled`,
    hint: "a longer ?timeout=SECONDS",
  }),
};

/** An error of `pg` itself, which has no code. */
function withoutCode({ message }: Error): Meaning | undefined {
  return /^SASL: .*client password must be a/.test(message) ? noPassword : undefined;
}

export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code !== "" ? code : undefined;
}
