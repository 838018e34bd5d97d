import { expect, it } from "vitest";
import { counted } from "../../src/core/index.js";

it("writes a number with a noun that agrees with it", () => {
  expect([0, 1, 2].map((count) => counted(count, "caption"))).toEqual([
    "0 captions",
    "1 caption",
    "2 captions",
  ]);
  expect([1, 2].map((count) => counted(count, "entity", "entities"))).toEqual(["1 entity", "2 entities"]);
});
