import { MmelError } from "../../core/index.js";
import {
  type Address,
  DEFAULT_PATIENCE_MS,
  type NeededRights,
  parseAddress,
  type Subject,
  showTarget,
} from "../../postgres/index.js";

/** A knowledge base on a server, as specified by its URL. */
export interface Target extends Address {
  /** Schema that contains the tables. */
  readonly schema: string;
  /** Name of the knowledge base. A schema can contain any number of knowledge bases. */
  readonly kb: string;
  /** Maximum number of connections for reading. */
  readonly pool: number;
  /** Time limit for a reading statement, in milliseconds; 0 means no limit. */
  readonly timeout: number;
  /** How long to keep retrying while the server is unavailable, in milliseconds. */
  readonly retry: number;
}

const OWN = ["kb", "schema", "pool", "timeout", "retry"] as const;
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,39}$/;
const DAY_S = 86_400;

/**
 * Parses `postgres://USER:PASSWORD@HOST:PORT/DATABASE?kb=NAME&schema=NAME&pool=4&timeout=30&retry=10`. All parameters
 * are optional; `timeout` and `retry` are in seconds. Other parameters are those of `parseAddress`.
 * Throws `CONFIG` if the URL or a parameter is invalid.
 */
export function parseTarget(url: string): Target {
  const { parameters, ...address } = parseAddress(url, showTarget(url), OWN);
  const { shown } = address;
  const invalid = (what: string, expected: string): MmelError =>
    new MmelError("CONFIG", { what, where: shown, expected });
  const number = (
    name: "pool" | "timeout" | "retry",
    fallback: number,
    least: number,
    most: number,
  ): number => {
    const value = Number(parameters[name] ?? fallback);
    if (value >= least && value <= most) return value;
    throw invalid(`the parameter ${name} is out of range`, `${name}=${least} to ${most}`);
  };
  const { schema = "mmel", kb = "main" } = parameters;
  if (!SCHEMA_NAME.test(schema))
    throw invalid(
      "the name of the schema is not supported",
      "at most 40 characters: lower-case letters a to z, digits and _, with no digit at the start",
    );
  // In a URL, U+FFFD replaces lone surrogates and bytes that are not UTF-8.
  if (kb === "" || [...kb].length > 200 || /[\0\ufffd]/.test(kb))
    throw invalid("the name after kb= is not supported", "1 to 200 characters, without U+0000 or U+FFFD");
  return {
    ...address,
    schema,
    kb,
    pool: Math.floor(number("pool", 4, 1, 100)),
    timeout: 1000 * number("timeout", 30, 0, DAY_S),
    retry: 1000 * number("retry", DEFAULT_PATIENCE_MS / 1000, 0, DAY_S),
  };
}

/** What a role does with a knowledge base. Each purpose requires different privileges. */
export type Purpose = "reading" | "importing";

/** Returns the rights that a role needs. Imports create, alter and drop tables, which only their owner may do. */
export function neededRights({ schema }: Target, purpose: Purpose): NeededRights {
  return {
    schemas: [schema],
    onTables: ["SELECT"],
    extensions: ["pg_trgm"],
    owner: purpose === "importing" ? "always" : "never",
  };
}

/** Descriptions for the case that the server cannot be asked which rights are missing. */
const PRIVILEGES: Readonly<Record<Purpose, { privilege: string; grant: string }>> = {
  reading: {
    privilege: "SELECT on the tables",
    grant: "Ask the owner of the schema to run `mmel kb prepare --kb … --reader ROLE`.",
  },
  importing: {
    privilege: "the owner of the schema, the only role that may import",
    grant: "Use the owner's name in the URL, or run `GRANT OWNER TO ROLE`.",
  },
};

/** Returns the terms and hints for error messages about a knowledge base on a server. */
export function kbSubject({ shown, schema }: Target, purpose: Purpose): Subject {
  return {
    codes: "KB",
    where: shown,
    words: {
      subject: "knowledge base",
      item: "version",
      wait: "Set `?retry=SECONDS` in the URL to wait longer.",
      timeLimit: "Allow statements more time with `?timeout=SECONDS` in the URL.",
      create: `Run \`mmel kb import FILE --kb …\`, which creates the schema ${schema} and its tables.`,
      repeat: "Import the knowledge base again.",
      ...PRIVILEGES[purpose],
    },
  };
}
