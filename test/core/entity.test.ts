import { describe, expect, it } from "vitest";
import { entityOf } from "../../src/core/index.js";

const least = { id: "1", label: "Ada Holm" };

describe("entityOf", () => {
  it("adds empty values for missing fields, and drops undefined ones", () => {
    const empty = { aliases: [], properties: {}, images: [] };
    expect(entityOf(least)).toEqual({ ...least, ...empty });
    const given = {
      ...least,
      description: undefined,
      aliases: undefined,
      popularity: undefined,
      url: undefined,
    };
    expect(Object.keys(entityOf(given)).sort()).toEqual(Object.keys({ ...least, ...empty }).sort());
    const full = {
      ...least,
      description: "",
      aliases: ["A."],
      properties: { birth: ["1901", ""] },
      popularity: 2,
    };
    expect(entityOf(full)).toEqual({ ...full, images: [] });
  });

  it.each([
    [{ label: "Ada" }, "id"],
    [{ id: 1, label: "Ada" }, "id"],
    [{ id: "1" }, "label"],
    [{ ...least, aliases: "y" }, "aliases"],
    [{ ...least, aliases: ["y", null] }, "aliases"],
    [{ ...least, description: 7 }, "description"],
    [{ ...least, properties: [["a"]].join() }, "properties"],
    [{ ...least, properties: { birth: "1901" } }, "properties.birth"],
    [{ ...least, images: [null] }, "images"],
    [{ ...least, popularity: "2" }, "popularity"],
    [{ ...least, url: 3 }, "url"],
  ])("rejects %j and names the field", (input, field) => {
    expect(() => entityOf(input as never)).toThrow(
      expect.objectContaining({ code: "ENTITY_INVALID", message: expect.stringContaining(`${field}: is`) }),
    );
  });
});
