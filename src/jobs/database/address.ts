import { MmelError } from "../../core/index.js";

/** Where a database server is, as errors and logs may show it: without password and parameters. */
export interface Address {
  readonly url: string;
  readonly shown: string;
}

/** Checks the address of a server. `CONFIG`, which never shows the address itself: it may hold a password. */
export function addressOf(url: string): Address {
  const parsed = /^postgres(ql)?:\/\//i.test(url) && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) {
    throw new MmelError("CONFIG", {
      what: "this is no address of a PostgreSQL server",
      where: "--queue",
      expected: "postgres://USER@HOST:PORT/DATABASE",
      hint: "writing special characters of a password as %XX",
    });
  }
  const { username, hostname, port, pathname } = parsed;
  const host = `${hostname === "" ? "localhost" : hostname}${port === "" ? "" : `:${port}`}`;
  return { url, shown: `postgres://${username === "" ? "" : `${username}@`}${host}${pathname}` };
}
