import { MmelError } from "../../core/index.js";

/** A knowledge base on a server, as its URL names it. */
export interface Target {
  /** What `pg` connects to, without our own parameters. */
  readonly connection: string;
  /** The URL with its secrets hidden: the only form of it that is ever shown. */
  readonly shown: string;
  /** Schema that holds the tables. */
  readonly schema: string;
  /** The knowledge base among those that the schema holds. */
  readonly kb: string;
  /** Connections for reading at most. */
  readonly pool: number;
  /** Milliseconds that one reading statement may take; 0 is no limit. */
  readonly timeout: number;
  /** Milliseconds for which a server that is away is tried again. */
  readonly retry: number;
}

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,39}$/;
const SECRETS = ["password", "sslpassword"];

/**
 * `postgres://USER:PASSWORD@HOST:PORT/DATABASE?kb=NAME&schema=NAME&pool=4&timeout=30&retry=10`: all parameters are optional, and
 * others (`sslmode`, …) go to the connection. Without a password `PGPASSWORD` and `~/.pgpass` count. `CONFIG`.
 */
export function parseTarget(target: string): Target {
  const shown = showTarget(target);
  const url = parseUrl(target, shown);
  const take = (name: string, otherwise: string): string => {
    const value = url.searchParams.get(name) ?? otherwise;
    url.searchParams.delete(name);
    return value;
  };
  const wrong = (what: string, expected: string): MmelError =>
    new MmelError("CONFIG", { what, where: shown, expected });
  const number = (name: string, otherwise: string, least: number, most: number): number => {
    const value = Number(take(name, otherwise));
    if (value >= least && value <= most) return value;
    throw wrong(`${name} is no such number`, `${name}=${least} to ${most}`);
  };
  const schema = take("schema", "mmel");
  if (!SCHEMA_NAME.test(schema))
    throw wrong("the schema's name is not taken", "small letters a to z, digits and _, 40 at most");
  const kb = take("kb", "main");
  if (kb === "" || kb.length > 200 || /[\0\ud800-\udfff]/.test(kb))
    throw wrong("the name after kb= is not taken", "1 to 200 characters");
  return {
    schema,
    kb,
    pool: Math.floor(number("pool", "4", 1, 100)),
    timeout: 1000 * number("timeout", "30", 0, 86_400),
    retry: 1000 * number("retry", "10", 0, 86_400),
    connection: url.href,
    shown,
  };
}

/** A target as it may be shown: of a URL the password is hidden, a folder stays as it is. */
export function showTarget(target: string): string {
  if (!/^postgres(ql)?:\/\//i.test(target)) return target;
  if (!URL.canParse(target)) return "postgres://…";
  const url = new URL(target);
  if (url.password !== "") url.password = "***";
  for (const secret of SECRETS) if (url.searchParams.has(secret)) url.searchParams.set(secret, "***");
  return url.href;
}

function parseUrl(target: string, shown: string): URL {
  if (URL.canParse(target)) return new URL(target);
  throw new MmelError("CONFIG", {
    what: "this is no URL",
    where: shown,
    expected: "postgres://USER:PASSWORD@HOST:PORT/DATABASE",
    hint: "%40 for an @, %2F for a / and %3A for a : in the password",
  });
}
