import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutEchoes } from "../../src/core/echo.js";
import { MmelError } from "../../src/core/index.js";

const long = fc.string({ unit: "binary", minLength: 300, maxLength: 3000 });

describe("cutEchoes", () => {
  it("repeats at most 200 characters of a quoted or unbroken input, and 1,000 in all", () => {
    const noSpace = long.map((text) => text.replace(/[\s'"`]/g, "x"));
    fc.assert(
      fc.property(noSpace, long, (run, text) => {
        const message = cutEchoes(`the name ${run} in ${JSON.stringify(text)} is wrong`);
        expect(message).toMatch(/^the name .* is wrong$/su);
        expect(message.length).toBeLessThanOrEqual("the name  in  is wrong".length + 400);
        expect(cutEchoes("word ".repeat(1000)).length).toBe(1000);
      }),
    );
  });

  it("leaves short messages alone, and keeps both ends of an input", () => {
    const path = `/data/${"folder/".repeat(60)}captions.jsonl`;
    const cut = cutEchoes(`${path}, line 12`);
    expect(cut).toMatch(/^\/data\/folder.*….*captions\.jsonl, line 12$/);
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => cutEchoes(text) === text));
  });

  it("takes linear time", () => {
    for (const unit of ['"', "'", "\\", '\\"', '"\\', "' ", '" ', "` ", "a "])
      expect(cutEchoes(unit.repeat(1 << 20)).length).toBeLessThanOrEqual(1000);
  });
});

describe("an error", () => {
  it("repeats no more than 200 characters of an input, in its message and its parts", () => {
    const echo = "x".repeat(100_000);
    const error = new MmelError("FORMAT", {
      what: `"${echo}" is wrong`,
      where: `caption ${echo}`,
      hint: "Try.",
    });
    expect(error.message.length).toBeLessThan(450);
    expect(error.detail.what).toMatch(/^"x+…x+" is wrong$/);
    expect(error.detail.where).toHaveLength(200);
  });
});
