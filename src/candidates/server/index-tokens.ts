import type { Entity } from "../../core/index.js";
import type { TokenShare } from "../../kb/store.js";
import { isInitial, ROLE } from "../name.js";
import { shareOf } from "../score.js";
import { KIND, type Row, rowsOf } from "../tables.js";

/** Marks abbreviations and pairs among tokens; folding leaves no such characters in a word. */
export const acronymToken = (acronym: string): string => `=${acronym}`;
export const pairToken = (initial: string, family: string): string => `~${initial} ${family}`;

/** Names beyond this, and code units of a word beyond that, are not indexed. */
const MAX_NAMES = 1000;
const MAX_UNITS = 200;

/**
 * By what a server finds an entity: the words of its names in all their forms, with their share of the name in
 * thousandths; its abbreviations; and each family name with the initial of each given one (`~j kerry`, with the given name's
 * share), which stays short where `john` has too many.
 */
export function* indexTokens(entity: Entity): Generator<TokenShare> {
  for (const name of [entity.label, ...entity.aliases].slice(0, MAX_NAMES))
    for (const row of rowsOf(name)) yield* rowTokens(row);
}

function* rowTokens({ form, kind }: Row): Generator<TokenShare> {
  const roles = Uint8Array.from(form.roles);
  const share = (at: number): number => Math.min(1000, shareOf(roles, 0, roles.length, at));
  const tokens = form.tokens.map((token) => token.slice(0, MAX_UNITS));
  if (kind === KIND.acronym) {
    yield [acronymToken(tokens[0]!.slice(1)), 1000];
    return;
  }
  for (const [at, token] of tokens.entries()) yield [token, share(at)];
  for (const [family, token] of tokens.entries()) {
    if (roles[family] !== ROLE.family) continue;
    for (const [at, given] of tokens.entries())
      if (roles[at] === ROLE.given || (roles[at] === ROLE.minor && isInitial(given)))
        yield [pairToken(initialOf(given), token), share(at)];
  }
}

export function initialOf(token: string): string {
  return String.fromCodePoint(token.codePointAt(0)!);
}
