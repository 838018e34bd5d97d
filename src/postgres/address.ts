import { MmelError } from "../core/index.js";
import { editDistance } from "../names/index.js";
import { type Encryption, LOCAL_SOCKET, readEncryption, TLS_PARAMETERS } from "./tls.js";

/** The URL of a PostgreSQL server. */
export interface Address {
  /** The URL that `pg` connects to, including its secrets. */
  readonly connection: string;
  readonly encryption: Encryption;
  /** Time limit for establishing a connection, in milliseconds, if the URL has one. */
  readonly connectMs?: number;
  /** Settings of the session that the URL gives, such as `-c work_mem=64MB`; "" if none. */
  readonly sessionOptions: string;
  /**
   * The URL that the user gave, with its secrets hidden. Errors, logs and progress messages may show only this version.
   */
  readonly shown: string;
}

const SERVER = /^postgres(ql)?:\/\//i;
const SECRETS = ["password", "sslpassword"];

/** Returns whether a target is the URL of a server, not a folder. */
export function isServerUrl(target: string): boolean {
  return SERVER.test(target);
}

/**
 * Returns a target in a form that is safe to show. Hides the passwords in a URL, and an invalid URL completely. Returns
 * a folder unchanged.
 */
export function showTarget(target: string): string {
  if (!isServerUrl(target)) return target;
  if (!URL.canParse(target)) return "postgres://…";
  const url = new URL(target);
  if (url.password !== "") url.password = "***";
  for (const secret of SECRETS) if (url.searchParams.has(secret)) url.searchParams.set(secret, "***");
  return url.href;
}

/** Parameters of a URL that `pg` reads, with the names of libpq. */
const PASSED_ON = ["host", "port", "user", "password", "application_name"] as const;
/** Parameters of a URL that this package reads. `ssl=true` means `sslmode=require`. */
const READ_HERE = [...TLS_PARAMETERS, "ssl", "connect_timeout", "options"] as const;

/**
 * Parses `postgres://USER:PASSWORD@HOST:PORT/DATABASE?…`. Parameters listed in `own` are returned in `parameters`. All
 * other parameters have the names and the meaning that they have in libpq (`sslmode`, …). If the URL contains no
 * password, `pg` uses `PGPASSWORD` or `~/.pgpass`.
 *
 * Throws `CONFIG` if the text is not such a URL, or if a parameter is unknown, is given twice or has an invalid value.
 * The error shows `option` instead of a text that is not a URL, because the text may contain a password.
 */
export function parseAddress<Name extends string = never>(
  text: string,
  option: string,
  own: readonly Name[] = [],
): Address & { readonly parameters: Readonly<Partial<Record<Name, string>>> } {
  const url = isServerUrl(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isDecodable(url))
    throw new MmelError("CONFIG", {
      what: "this is not the URL of a PostgreSQL server",
      where: option,
      expected: "postgres://USER:PASSWORD@HOST:PORT/DATABASE",
      hint: "Write special characters in the password as %XX: `%40` for @, `%2F` for /, `%3A` for :, `%25` for %.",
    });
  assertKnown(url, [...own, ...PASSED_ON, ...READ_HERE]);
  const shown = showTarget(text);
  const take = <Key extends string>(names: readonly Key[]): Partial<Record<Key, string>> => {
    const taken: Partial<Record<Key, string>> = {};
    for (const name of names) {
      const value = url.searchParams.get(name);
      if (value !== null) taken[name] = value;
      url.searchParams.delete(name);
    }
    return taken;
  };
  const parameters = take(own);
  const { connect_timeout, options = "", ssl, ...tls } = take(READ_HERE);
  if (ssl !== undefined && ssl !== "true") throw invalid("ssl", "true, or sslmode=disable", shown);
  const seconds = Number(connect_timeout ?? 0);
  if (!(seconds >= 0 && seconds <= 86_400))
    throw invalid("connect_timeout", "a number of seconds from 0 to 86400", shown);
  return {
    connection: url.href,
    encryption: isSocket(url)
      ? LOCAL_SOCKET
      : readEncryption({ ...(ssl === "true" && { sslmode: "require" }), ...tls }, shown),
    ...(seconds > 0 && { connectMs: 1000 * seconds }),
    sessionOptions: options,
    shown,
    parameters,
  };
}

function invalid(parameter: string, expected: string, where: string): MmelError {
  return new MmelError("CONFIG", {
    what: `the parameter ${parameter} has an invalid value`,
    where,
    expected,
  });
}

/**
 * Throws `CONFIG` if the URL has a parameter that is not in `known`, a parameter twice, or a fragment. Ignoring them
 * would connect to something else than the user meant: `?KB=people` would be the knowledge base `main`. The error does
 * not show the values, because a misspelt parameter may contain a password.
 */
function assertKnown(url: URL, known: readonly string[]): void {
  const bare = new URL(url);
  bare.search = bare.hash = "";
  const where = showTarget(bare.href);
  const names = [...url.searchParams.keys()];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    throw new MmelError("CONFIG", {
      what: `the URL has an unknown parameter ${JSON.stringify(unknown)}`,
      where,
      expected: `one of the parameters ${known.join(", ")}`,
      hint: near === undefined ? "Remove the parameter." : `Write \`${near}\`, or remove the parameter.`,
    });
  }
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new MmelError("CONFIG", {
      what: `the URL has the parameter ${twice} twice`,
      where,
      expected: "each parameter once",
    });
  if (url.href.includes("#"))
    throw new MmelError("CONFIG", {
      what: "the URL contains a #, after which everything would be ignored",
      where,
      expected: "a URL without #",
      hint: "Write `%23` for a # in a name or a value.",
    });
}

/** Returns the known name that is most similar to `name`; undefined if none is similar. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[_-]/g, "");
  const [first] = known
    .map((other) => ({ other, distance: editDistance(plain(name), plain(other)) }))
    .sort((a, b) => a.distance - b.distance);
  return first !== undefined && first.distance <= Math.max(1, Math.floor(name.length / 3))
    ? first.other
    : undefined;
}

/** Returns whether the host is a folder with a socket. */
function isSocket(url: URL): boolean {
  const host = url.searchParams.get("host") || decodeURIComponent(url.hostname) || process.env.PGHOST;
  return host?.startsWith("/") ?? false;
}

/** Returns whether `pg` can decode the percent-encoded parts of a URL. */
function isDecodable({ username, password, hostname, pathname }: URL): boolean {
  try {
    for (const part of [username, password, hostname, pathname]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
