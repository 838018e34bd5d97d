import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entity } from "../../../src/core/index.js";
import type { Example } from "../../../src/training/mmel/examples.js";
import { inOrder, orderByNetwork } from "../../../src/training/mmel/hard-negatives.js";

const entity = (id: string): Entity => ({ id, label: id, aliases: [], properties: {}, images: [] });
const choice = (id: string, prior: number) => ({ entity: entity(id), prior });

/** Captions with two mentions, of which the second is trained on; each wrong candidate has a prior. */
const examples = fc
  .array(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 70,
  })
  .map((lists): Example[] =>
    lists.map((priors, index) => ({
      caption: { id: `${index}`, text: "a b", mentions: [{ text: "a" }, { text: "b" }] },
      mentions: [
        { at: 1, gold: choice("gold", 0), wrong: priors.map((prior, at) => choice(`${index}/${at}`, prior)) },
      ],
    })),
  );

/** A stand-in for the network, whose logit depends on the entity only. */
const logitOf = ({ id }: Entity): number =>
  [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 7;
const scorer: Parameters<typeof orderByNetwork>[1] = {
  logits: async (captions) =>
    captions.map(({ candidates }) =>
      candidates.map((list) => ({ logits: list.map(({ entity }) => logitOf(entity)), features: [] })),
    ),
};

describe("orderByNetwork and inOrder", () => {
  it("put the candidates with the highest logit plus prior first, and keep the others after them", async () => {
    await fc.assert(
      fc.asyncProperty(examples, fc.integer({ min: 1, max: 14 }), async (before, count) => {
        const after = inOrder(before, await orderByNetwork(before, scorer, count));
        after.forEach(({ caption, mentions: [mention] }, index) => {
          const old = before[index]!.mentions[0]!;
          expect(caption).toBe(before[index]!.caption);
          const totals = mention!.wrong.slice(0, count).map((c) => logitOf(c.entity) + c.prior);
          expect(totals).toEqual(totals.toSorted((a, b) => b - a));
          expect(new Set(mention!.wrong.slice(0, count))).toEqual(new Set(old.wrong.slice(0, count)));
          expect(mention!.wrong.slice(count)).toEqual(old.wrong.slice(count));
        });
      }),
    );
  });
});
