import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { fold } from "../../src/names/fold.js";

const { cache } = createRequire(import.meta.url);
const isLoaded = (): boolean => Object.keys(cache).some((path) => path.includes("opencc-js"));

it("loads the tables of Han characters when the first of these characters occurs", () => {
  for (const text of ["Zoë Brandt", "Чехов", "あんな・カレン", "김구", "سلمى"]) fold(text);
  expect(isLoaded()).toBe(false);
  fold("鲁迅");
  expect(isLoaded()).toBe(true);
});
