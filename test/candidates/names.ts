import fc from "fast-check";
import type { CandidateSource } from "../../src/candidates/index.js";
import type { Candidate, Entity } from "../../src/core/index.js";

/** An entity with a name, and optional further fields. */
export function named(id: string, label: string, parts: Partial<Entity> = {}): Entity {
  return { id, label, aliases: [], properties: {}, images: [], ...parts };
}

/** The candidates of one name. */
export async function ask(source: CandidateSource, name: string, limit = 100): Promise<readonly Candidate[]> {
  const [list] = await source.candidates([name], limit);
  return list!;
}

/** The labels of the candidates of a name, best first. */
export async function labels(source: CandidateSource, name: string, limit = 100): Promise<string[]> {
  return (await ask(source, name, limit)).map(({ entity }) => entity.label);
}

const given = "John Jon Bill William Anna Anne María José Soo-young J. Jean-Luc Li O Ωmega Ahmed".split(" ");
const family =
  "Kerry Kerrey Smith Smyth O'Brien García Łukasz Kennedy King van de Berg Nguyễn Φίλιππος Φίλιππας Марзуки Керри Смит Marzouki المرزوقي مرزوقي".split(
    " ",
  );
const extra = ["", "", "", " Jr.", " III", " (actor)", ", 1st Duke of Kent", " of Wales"];

/** Names that often share a token or are similar to each other. */
export const personName: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "", "", "Sir ", "Dr. ", "Pope "),
    fc.array(fc.constantFrom(...given), { maxLength: 2 }),
    fc.constantFrom(...family),
    fc.constantFrom(...extra),
  )
  .map(([title, first, last, end]) => `${title}${[...first, last].join(" ")}${end}`);

/** Such a name, such a name with a typo, or an arbitrary text. */
export const mentionText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: personName },
  {
    weight: 3,
    arbitrary: fc
      .tuple(personName, fc.nat(20), fc.constantFrom("", "e", "xy"))
      .map(([name, at, put]) => name.slice(0, at) + put + name.slice(at + 1)),
  },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
);

/** A knowledge base of such names, with random popularity and aliases. */
export const entities: fc.Arbitrary<Entity[]> = fc
  .array(
    fc.record({
      label: personName,
      aliases: fc.array(personName, { maxLength: 2 }),
      popularity: fc.option(fc.nat(3), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) =>
    all.map(({ popularity, ...rest }, at) =>
      named(`Q${at}`, rest.label, { ...rest, ...(popularity === undefined ? {} : { popularity }) }),
    ),
  );
