import { createHash, timingSafeEqual } from "node:crypto";
import { MmelError } from "../../core/index.js";
import type { Scope } from "../route.js";

/** Who may do what. Secrets are kept as hashes only. */
export interface Tokens {
  readonly count: number;
  /** Lets an `Authorization` header pass for a scope. `UNAUTHORIZED`: no token or a wrong one; `FORBIDDEN`: not for this. */
  check(header: string | undefined, scope: Scope): void;
}

interface Token {
  readonly hash: Buffer;
  readonly scopes: ReadonlySet<string>;
}

const SCOPES = ["link", "admin"];
const SHORTEST = 16;

/**
 * Tokens from lines of `SCOPE[,SCOPE] SECRET`; `#` begins a comment. A scope is `link` or `admin`; admin includes link.
 * `CONFIG`, which never quotes a secret.
 */
export function parseTokens(text: string, where: string): Tokens {
  const tokens = text.split("\n").flatMap((line, at) => {
    const trimmed = line.trim();
    return trimmed === "" || trimmed.startsWith("#") ? [] : [tokenOf(trimmed, `${where}, line ${at + 1}`)];
  });
  return { count: tokens.length, check: (header, scope) => check(tokens, header, scope) };
}

function tokenOf(line: string, where: string): Token {
  const [scopes = "", secret = "", ...rest] = line.split(/\s+/);
  const names = scopes.split(",");
  if (rest.length > 0 || secret.length < SHORTEST || names.some((name) => !SCOPES.includes(name)))
    throw new MmelError("CONFIG", {
      what: "a line that is no token",
      where,
      expected: `link or admin, a space, and a secret of at least ${SHORTEST} characters`,
    });
  return { hash: hashOf(secret), scopes: new Set(names.includes("admin") ? SCOPES : names) };
}

function check(tokens: readonly Token[], header: string | undefined, scope: Scope): void {
  if (scope === "public" || tokens.length === 0) return;
  const given = /^Bearer +(\S{1,1000})$/i.exec(header ?? "")?.[1];
  if (given === undefined)
    throw new MmelError("UNAUTHORIZED", { what: "no token", expected: "Authorization: Bearer TOKEN" });
  const hash = hashOf(given);
  let found: Token | undefined;
  for (const token of tokens) if (timingSafeEqual(token.hash, hash)) found = token; // all are looked at, always
  if (found === undefined) throw new MmelError("UNAUTHORIZED", { what: "a token that is not known" });
  if (!found.scopes.has(scope)) throw new MmelError("FORBIDDEN", { what: `the token is not for ${scope}` });
}

const hashOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();
