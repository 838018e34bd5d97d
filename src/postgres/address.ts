import { MmelError } from "../core/index.js";

/** The URL of a PostgreSQL server. */
export interface Address {
  /** The URL that `pg` connects to, including its secrets. */
  readonly connection: string;
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

/**
 * Parses `postgres://USER:PASSWORD@HOST:PORT/DATABASE?…`. Parameters listed in `own` are returned in `parameters` and
 * removed from the URL for `pg`; all other parameters (`sslmode`, …) stay in the URL. If the URL contains no
 * password, `pg` uses `PGPASSWORD` or `~/.pgpass`.
 *
 * Throws `CONFIG` if the text is not such a URL. The error shows `option` instead of the URL, which may contain a
 * password.
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
  const parameters: Partial<Record<Name, string>> = {};
  for (const name of own) {
    const value = url.searchParams.get(name);
    if (value !== null) parameters[name] = value;
    url.searchParams.delete(name);
  }
  return { connection: url.href, shown: showTarget(text), parameters };
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
