import fc from "fast-check";
import { expect, it } from "vitest";
import { type InputTokens, packInputs } from "../../src/encoders/index.js";

const input = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  .map(([context, entity]): InputTokens => {
    const tokens = context + entity + 3;
    return {
      ids: Int32Array.from({ length: tokens }, (_, at) => 1000 * context + at),
      secondFrom: context + 2,
      context: { start: 1, end: 1 + context },
      entity: { start: context + 2, end: tokens - 1 },
    };
  });

it("packs every input unchanged into one row of one batch, padded to the smallest length that holds it", () => {
  const lengths = [8, 16, 24, 43];
  fc.assert(
    fc.property(
      fc.array(input, { maxLength: 30 }),
      fc.integer({ min: 1, max: 200 }),
      (inputs, batchTokens) => {
        const seen: number[] = [];
        for (const batch of packInputs(inputs, lengths, batchTokens)) {
          const { rows, length } = batch;
          expect(rows === 1 || rows * length <= batchTokens).toBe(true);
          batch.members.forEach((member, row) => {
            seen.push(member);
            const { ids, secondFrom, context, entity } = inputs[member]!;
            expect(length).toBe(lengths.find((each) => each >= ids.length));
            const cells = (array: BigInt64Array | Uint8Array): number[] =>
              Array.from(array.subarray(row * length, (row + 1) * length) as Uint8Array, Number);
            const mask = (start: number, end: number): number[] =>
              Array.from({ length }, (_, at) => (at >= start && at < end ? 1 : 0));
            expect(cells(batch.ids)).toEqual([...ids, ...Array(length - ids.length).fill(0)]);
            expect(cells(batch.attention)).toEqual(mask(0, ids.length));
            expect(cells(batch.segments)).toEqual(mask(secondFrom, ids.length));
            expect(cells(batch.context)).toEqual(mask(context.start, context.end));
            expect(cells(batch.entity)).toEqual(mask(entity.start, entity.end));
          });
        }
        expect(seen.sort((a, b) => a - b)).toEqual([...inputs.keys()]);
      },
    ),
  );
});
