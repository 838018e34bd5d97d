import { expect, it } from "vitest";
import { lifeDatesOf } from "../../src/formats/life-dates.js";

it.each([
  [{ birth: ["1867-11-07"], death: ["1934-07-04"] }, "1867–1934"],
  [{ geboren: ["7 November 1867"] }, "born 1867"],
  [{ "date of death": ["+1934-00-00T00:00:00Z"] }, "died 1934"],
  [{ Born: ["c. 1867 (Warsaw)"], Died: ["before the war"] }, "c. 1867–before the war"],
  [{ birth: ["-0043-03-15"] }, "born 43 BC"],
  [{ lifespan: ["1867-1934"] }, "1867-1934"],
  [{ birth: [""], occupation: ["brewer"] }, undefined],
  [{}, undefined],
])("%j is shown as %j", (properties, shown) => {
  expect(lifeDatesOf(properties)).toBe(shown);
});
