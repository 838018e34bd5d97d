import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPictureOf, picturesOf } from "../../web/src/catalogue/picture-files.js";

const at = (path: string): File =>
  Object.defineProperty(new File([], path.split("/").at(-1)!), "webkitRelativePath", {
    value: path.includes("/") ? path : "",
  });

const shown = (pictures: readonly string[], sidecars: readonly string[] = []) =>
  picturesOf(pictures.map(at), sidecars.map(at)).map(({ path, sidecars: own }) => [
    path,
    ...own.map(({ name }) => name),
  ]);

describe("picturesOf", () => {
  it("names pictures by their path in the folder that was opened", () => {
    expect(shown(["box/a.jpg", "box/deep/a.jpg"])).toEqual([["a.jpg"], ["deep/a.jpg"]]);
    expect(shown(["one/a.jpg", "two/a.jpg"])).toEqual([["one/a.jpg"], ["two/a.jpg"]]);
    expect(shown(["a.jpg", "box/b.jpg"])).toEqual([["a.jpg"], ["box/b.jpg"]]);
  });

  it("finds the sidecars in the same folder, in order of precedence", () => {
    expect(shown(["box/a.jpg", "box/b.png"], ["box/a.xmp", "box/a.jpg.XMP", "box/c/b.xmp"])).toEqual([
      ["a.jpg", "a.jpg.XMP", "a.xmp"],
      ["b.png"],
    ]);
  });

  it("keeps different paths different", () => {
    const path = fc
      .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 })
      .map((parts) => `${parts.join("/")}.jpg`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 6 }), (paths) => {
        expect(new Set(shown(paths).map(([path]) => path)).size).toBe(paths.length);
      }),
    );
  });
});

it.each([
  ["a.jpg", "a.jpg", true],
  ["scans/a.jpg", "a.jpg", true],
  ["scans\\a.jpg", "a.jpg", true],
  ["a.jpg", "box/a.jpg", true],
  ["one/a.jpg", "two/a.jpg", false],
  ["aa.jpg", "a.jpg", false],
])("the picture of a caption with %s may be %s: %s", (image, path, expected) => {
  expect(isPictureOf(image, { file: at(path), path, sidecars: [] })).toBe(expected);
});
