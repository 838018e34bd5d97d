import fc from "fast-check";
import { expect, it } from "vitest";
import { choicesOf, linkOf, proposed, sameGold } from "../../web/src/review/index.js";
import { answerTo, item } from "./states.js";

const caption = item("a", "Jordan in Chicago", "Jordan");
const [mark] = caption.marks;

/** Links as a service may give them: candidates in any order, NIL with any probability. */
const linking = fc
  .record({
    probabilities: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 }),
    nilProbability: fc.double({ min: 0, max: 1, noNaN: true }),
    isNil: fc.boolean(),
  })
  .map(({ probabilities, nilProbability, isNil }) => {
    const links = answerTo(caption);
    const candidates = probabilities.map((probability, at) => ({
      ...links.mentions[0]!.candidates[0]!,
      id: `e${at}`,
      probability,
    }));
    const mention = {
      ...links.mentions[0]!,
      outcome: isNil ? ("nil" as const) : ("linked" as const),
      entity: isNil ? null : { id: "e0", label: "E0" },
      probability: isNil ? nilProbability : probabilities[0]!,
      nilProbability,
      candidates,
    };
    return { status: "done" as const, links: { ...links, mentions: [mention] } };
  });

it("the suggestion is the first row and the most probable, and Enter accepts it", () => {
  fc.assert(
    fc.property(linking, (one) => {
      const link = linkOf(mark!, one)!;
      const rows = choicesOf(mark!, link, []);
      const probabilities = rows.map(({ probability }) => probability!);
      expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
      expect(rows.map(({ isProposed }) => isProposed)).toEqual(rows.map((_, row) => row === 0));
      expect(link.probability).toBe(probabilities[0]);
      const id = rows[0]!.entity?.id;
      expect(sameGold(proposed(link), id === undefined ? { kind: "nil" } : { kind: "entity", id })).toBe(
        true,
      );
      expect(linkOf(mark!, one)).toBe(link); // the page compares links
    }),
  );
});

it("leaves out the reason for a suggestion of the linker that is not the most probable", () => {
  const links = answerTo(caption, 0.3);
  const because = { ...links.mentions[0]!, because: "both have", nilProbability: 0.2 };
  const of = (mention: typeof because) =>
    linkOf(mark!, { status: "done", links: { ...links, mentions: [mention] } });
  expect(of(because)).toBe(because);
  expect(of({ ...because, nilProbability: 0.4 })).toMatchObject({ entity: null, probability: 0.4 });
  expect(of({ ...because, nilProbability: 0.4 })).not.toHaveProperty("because");
});
