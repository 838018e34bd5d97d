import { createHash, timingSafeEqual } from "node:crypto";
import { MmelError } from "../../core/index.js";
import type { Scope } from "../route.js";

/** The tokens that the service accepts. Only hashes of the tokens' secrets are kept in memory. */
export interface Tokens {
  readonly count: number;
  /**
   * Checks that the token in an `Authorization` header has the scope `scope`. Throws `UNAUTHORIZED` if the token is
   * missing or unknown, and `FORBIDDEN` if the token does not have the scope. Does nothing if the scope is `public` or
   * no tokens are set.
   */
  check(header: string | undefined, scope: Exclude<Scope, "write">): void;
}

interface Token {
  readonly hash: Buffer;
  readonly scopes: ReadonlySet<string>;
}

const SCOPES = ["link", "admin"];
const MIN_SECRET_LENGTH = 16;

/**
 * Parses tokens, one `SCOPE[,SCOPE] SECRET` per line. Lines that start with `#` are comments. A scope is `link` or
 * `admin`; `admin` includes `link`. Throws `CONFIG` if a line is invalid; the message does not contain the secret.
 */
export function parseTokens(text: string, where: string): Tokens {
  const tokens = text.split("\n").flatMap((line, index) => {
    const trimmed = line.trim();
    return trimmed === "" || trimmed.startsWith("#")
      ? []
      : [parseToken(trimmed, `${where}, line ${index + 1}`)];
  });
  return { count: tokens.length, check: (header, scope) => check(tokens, header, scope) };
}

function parseToken(line: string, where: string): Token {
  const [scopes = "", secret = "", ...rest] = line.split(/\s+/);
  const names = scopes.split(",");
  if (rest.length > 0 || secret.length < MIN_SECRET_LENGTH || names.some((name) => !SCOPES.includes(name)))
    throw new MmelError("CONFIG", {
      what: "the line is not a valid token",
      where,
      expected: `link or admin, a space, and a secret of at least ${MIN_SECRET_LENGTH} characters`,
    });
  return { hash: hashOf(secret), scopes: new Set(names.includes("admin") ? SCOPES : names) };
}

function check(tokens: readonly Token[], header: string | undefined, scope: Exclude<Scope, "write">): void {
  if (scope === "public" || tokens.length === 0) return;
  const secret = /^Bearer +(\S{1,1000})$/i.exec(header ?? "")?.[1];
  if (secret === undefined)
    throw new MmelError("UNAUTHORIZED", {
      what: "the token is missing",
      expected: "the header `Authorization: Bearer TOKEN`",
    });
  const hash = hashOf(secret);
  let found: Token | undefined;
  for (const token of tokens) if (timingSafeEqual(token.hash, hash)) found = token; // no early exit, for constant time
  if (found === undefined) throw new MmelError("UNAUTHORIZED", { what: "the token is unknown" });
  if (!found.scopes.has(scope))
    throw new MmelError("FORBIDDEN", { what: `the token does not have the scope ${scope}` });
}

const hashOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();
