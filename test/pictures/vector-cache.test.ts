import fc from "fast-check";
import { expect, it } from "vitest";
import { createRecent } from "../../src/pictures/recent.js";

it("keeps what was used last, as much of it as there is room for", () => {
  const keys = fc.constantFrom(..."abcdefgh");
  const steps = fc.array(fc.tuple(keys, fc.option(fc.integer({ min: 1, max: 5 }))), { maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), steps, (most, all) => {
      const recent = createRecent<number>(most, (value) => value);
      let used: [key: string, value: number][] = []; // last first
      for (const [key, value] of all) {
        const known = used.find(([other]) => other === key)?.[1];
        if (value === null) expect(recent.get(key)).toBe(known);
        else recent.set(key, value);
        const now = value ?? known;
        if (now === undefined) continue;
        const rest = used.filter(([other]) => other !== key);
        used = [[key, now]];
        for (const one of rest) {
          if ([...used, one].reduce((sum, [, size]) => sum + size, 0) > most) break;
          used.push(one);
        }
      }
      for (const [key, value] of used) expect(recent.get(key)).toBe(value);
      expect([..."abcdefgh"].filter((key) => recent.get(key) !== undefined)).toHaveLength(used.length);
    }),
  );
});
