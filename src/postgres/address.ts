import { MmelError } from "../core/index.js";

/** Where a PostgreSQL server is. */
export interface Address {
  /** The URL that `pg` connects to. */
  readonly connection: string;
  /** The same URL with its secrets hidden: the only form that errors, logs and progress may show. */
  readonly shown: string;
}

const SERVER = /^postgres(ql)?:\/\//i;
const SECRETS = ["password", "sslpassword"];

/** Whether a target is the URL of a server rather than a folder. */
export function isServerUrl(target: string): boolean {
  return SERVER.test(target);
}

/** A target in a form that is safe to show: passwords in a URL are hidden, a folder is returned unchanged. */
export function showTarget(target: string): string {
  if (!isServerUrl(target)) return target;
  if (!URL.canParse(target)) return "postgres://…";
  const url = new URL(target);
  if (url.password !== "") url.password = "***";
  for (const secret of SECRETS) if (url.searchParams.has(secret)) url.searchParams.set(secret, "***");
  return url.href;
}

/**
 * Parses `postgres://USER:PASSWORD@HOST:PORT/DATABASE?…`. Parameters named in `own` are ours: they are returned in `parameters` and
 * removed from the URL that `pg` gets; all others (`sslmode`, …) stay. Without a password, `PGPASSWORD` and `~/.pgpass` apply.
 *
 * Throws `CONFIG` if this is not such a URL. The error names `option` instead of the URL, which may hold a password.
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
      hint: "Write special characters of the password as %XX: `%40` for @, `%2F` for /, `%3A` for :, `%25` for %.",
    });
  const parameters: Partial<Record<Name, string>> = {};
  for (const name of own) {
    const value = url.searchParams.get(name);
    if (value !== null) parameters[name] = value;
    url.searchParams.delete(name);
  }
  return { connection: url.href, shown: showTarget(text), parameters };
}

/** Whether `pg` can decode the percent-encoded parts. */
function isDecodable({ username, password, hostname, pathname }: URL): boolean {
  try {
    for (const part of [username, password, hostname, pathname]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
