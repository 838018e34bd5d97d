import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Candidate, CaptionCandidates, Entity } from "../../../src/core/index.js";
import { createRandom, withoutGold } from "../../../src/core/index.js";
import {
  createLexicalEvidence,
  PAIR_FEATURES,
  type RelatedEntity,
} from "../../../src/models/lexical/pair-evidence.js";
import type { MentionScores } from "../../../src/models/model.js";
import { loadModel } from "../../../src/models/registry.js";
import { entity } from "./fixtures.js";

const model = await loadModel("lexical");
const evidence = createLexicalEvidence({
  features: Object.fromEntries(PAIR_FEATURES.map((name, at) => [name, 1 + at / 7])),
  named: { spouse: 0.5 },
  shared: { occupation: -0.25 },
});

const name = fc.constantFrom(
  "John Smith",
  "Mary Smith",
  "King Louis XIV",
  "Louis, 2nd Earl Grey",
  "Grey (actor)",
  "Ólafur",
  "Ωmega",
  "",
);
const year = fc.integer({ min: -300, max: 2020 }).map(String);
const properties = fc.record(
  {
    sex: fc.constantFrom(["male"], ["female"], ["unknown"]),
    birth: fc.tuple(year),
    death: fc.tuple(year),
    occupation: fc.subarray(["actor", "politician", "association football player", "zzz"]),
    spouse: fc.tuple(name),
    "founded in": fc.tuple(year),
    note: fc.array(fc.string(), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const entities = fc
  .array(fc.tuple(name, properties, fc.option(fc.nat(), { nil: undefined })), { minLength: 1, maxLength: 8 })
  .map((list) =>
    list.map(([label, properties, popularity], at) =>
      entity(`e${at}`, label, properties, popularity === undefined ? {} : { popularity }),
    ),
  );
const part = fc.double({ min: 0, max: 1, noNaN: true });
const candidate = (entity: Entity) =>
  fc.tuple(part, part, part, part).map(
    ([nameScore, subsequence, prefix, edit]): Candidate => ({
      entity,
      nameScore,
      names: { subsequence, prefix, edit },
      matchedName: entity.label,
    }),
  );
const text = fc.constantFrom(
  "Smith and his wife Mary in 1950",
  "Portrait of Louis XIV by Grey, 1666",
  "goal in the 19th century",
  "",
);
const found: fc.Arbitrary<CaptionCandidates> = entities.chain((all) =>
  fc
    .tuple(
      text,
      fc.array(
        fc.tuple(
          fc.constantFrom("Smith", "Louis", "Grey", "not there", "?"),
          fc.tuple(...all.map(candidate)),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    )
    .map(([caption, mentions]) => ({
      caption: {
        id: "c",
        text: caption,
        mentions: mentions.map(([mention], at) => ({
          text: mention,
          ...(caption.includes(mention) && {
            span: { start: caption.indexOf(mention), end: caption.indexOf(mention) + mention.length },
          }),
          gold: { kind: "entity", id: `e${at}` },
        })),
      },
      candidates: mentions.map(([, list]) => list),
    })),
);

async function scores(input: CaptionCandidates): Promise<readonly MentionScores<unknown>[]> {
  return (await model.score([input]))[0]!;
}

const plain = (mentions: readonly MentionScores<unknown>[]) => mentions.map(({ match }) => match);

describe("the lexical model", () => {
  it("gives every candidate an m in (0, 1); the candidates of a mention sum to 1", () =>
    fc.assert(
      fc.asyncProperty(found, async (input) => {
        for (const { match } of await scores(input)) {
          for (const m of match) expect(m! > 0 && m! < 1).toBe(true);
          expect(match.reduce<number>((sum, m) => sum + m!, 0)).toBeCloseTo(1, 9);
        }
      }),
    ));

  it("does not depend on the order of candidates", () =>
    fc.assert(
      fc.asyncProperty(found, fc.nat(), async (input, seed) => {
        const shuffled = {
          ...input,
          candidates: input.candidates.map((list) => createRandom(seed).shuffle([...list])),
        };
        const [before, after] = [await scores(input), await scores(shuffled)];
        for (const [at, list] of input.candidates.entries())
          for (const [index, one] of list.entries())
            expect(after[at]!.match[shuffled.candidates[at]!.indexOf(one)]).toBe(before[at]!.match[index]);
      }),
    ));

  it("does not depend on the rest of the batch", () =>
    fc.assert(
      fc.asyncProperty(fc.array(found, { maxLength: 4 }), async (batch) => {
        const together = await model.score(batch);
        for (const [at, input] of batch.entries())
          expect(plain(together[at]!)).toEqual(plain(await scores(input)));
      }),
    ));

  it("never reads gold", () =>
    fc.assert(
      fc.asyncProperty(found, async (input) => {
        expect(plain(await scores({ ...input, caption: withoutGold(input.caption) }))).toEqual(
          plain(await scores(input)),
        );
      }),
    ));

  it("explains scores: differences between sums of parts are differences in T log m", () =>
    fc.assert(
      fc.asyncProperty(found, async (input) => {
        for (const { match, explain } of await scores(input)) {
          const sums = match.map((_, at) =>
            Object.values(explain!(at)).reduce((sum, value) => sum + value, 0),
          );
          const ratio = (at: number) => (sums[at]! - sums[0]!) / Math.log(match[at]! / match[0]!);
          const temperatures = match.flatMap((m, at) =>
            m! > 1e-250 && m! < 0.99 && match[0]! < 0.99 && Math.abs(sums[at]! - sums[0]!) > 0.01
              ? [ratio(at)]
              : [],
          );
          for (const temperature of temperatures) expect(temperature).toBeCloseTo(temperatures[0]!, 4);
        }
      }),
    ));

  it("handles a mention without candidates next to one with a single candidate", async () => {
    const caption = { id: "c", text: "Nobody and Smith", mentions: [{ text: "Nobody" }, { text: "Smith" }] };
    const smith: Candidate = {
      entity: entity("s", "Smith"),
      nameScore: 1,
      names: { subsequence: 1, prefix: 1, edit: 1 },
      matchedName: "Smith",
    };
    const [nobody, one] = await scores({ caption, candidates: [[], [smith]] });
    expect(nobody).toMatchObject({ match: [], features: [] });
    expect(one!.match).toEqual([1 - Number.EPSILON]);
  });
});

describe("the pair evidence of two entities", () => {
  it("is finite, and the same if the two lists are exchanged", () =>
    fc.assert(
      fc.asyncProperty(found, async (input) => {
        const [left = [], right = []] = (await scores(input)).map(
          ({ features }) => features as RelatedEntity[],
        );
        const key = (a: number, b: number, logit: number) => `${a} ${b} ${logit.toFixed(9)}`;
        const there = evidence.pairs(left, right).map((pair) => key(pair.left, pair.right, pair.logit));
        const back = evidence.pairs(right, left).map((pair) => key(pair.right, pair.left, pair.logit));
        expect(there.every((line) => !line.includes("NaN"))).toBe(true);
        expect(back.sort()).toEqual(there.sort());
      }),
    ));
});
