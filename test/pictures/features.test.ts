import { copyFile, mkdir, readdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openImageEncoder, type Pixels } from "../../src/encoders/image/index.js";
import { type FeaturesOptions, listImages, openFeatures } from "../../src/pictures/index.js";
import { createImageSource } from "../../src/pictures/pictures.js";
import { viewsOf } from "../../src/pictures/views.js";
import { picture, plain } from "../encoders/image/pictures.js";
import { folderOf, png, scratch, tinyEncoder } from "./folder.js";

const open = async (images: string, store: string, options: Partial<FeaturesOptions> = {}) =>
  openFeatures({ images, store, encoder: await tinyEncoder(), threads: 1, ...options });

const close = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
  expect(a).toHaveLength(b.length);
  for (let at = 0; at < a.length; at++) expect(Math.abs(a[at]! - b[at]!)).toBeLessThan(1e-5);
};

describe("openFeatures", () => {
  it("returns the encoder's vectors for any number of concurrent calls", async () => {
    const sizes = Array.from({ length: 40 }, (_, at) => [20 + at, 60 - at] as const);
    const files: Record<string, Buffer> = {};
    for (const [width, height] of sizes) files[`${width}.png`] = await png(width, height);
    const images = await folderOf(files);
    await using features = await open(images, await scratch());
    await using encoder = await openImageEncoder(await tinyEncoder());
    const found = await Promise.all(sizes.map(([width]) => features.vectors(`${width}.png`)));
    for (const [at, [width, height]] of sizes.entries())
      close(found[at]!, (await encoder.encode([picture(width, height)]))[0]!);
    expect(await features.width()).toBe(16);
    expect(features.encoded().pictures).toBe(40);
  });

  it("keeps the vectors of temporary pictures only in memory", async () => {
    const images = await folderOf({ "kept.png": await png(30, 20), "temporary.png": await png(20, 30) });
    const store = await scratch();
    const isTemporary = (path: string): boolean => path === "temporary.png";
    for (const effort of ["encoded", "unchanged"] as const) {
      await using features = await open(images, store, { isTemporary });
      expect((await features.picture("kept.png")).effort).toBe(effort);
      expect((await features.picture("temporary.png")).effort).toBe("encoded");
      expect(await features.vectors("temporary.png")).toHaveLength(16);
    }
    const empty = await scratch();
    await using features = await open(images, empty, { isTemporary: () => true });
    await features.picture("kept.png");
    expect(await readdir(empty)).toEqual([]);
  });

  it("encodes the whole and each part as separate pictures, in this order", async () => {
    await using encoder = await openImageEncoder(await tinyEncoder());
    const images = await folderOf({ "lying.png": await png(60, 25), "standing.png": await png(25, 60) });
    const store = await scratch();
    for (const views of [1, 3, 4, 6]) {
      await using features = await open(images, store, { views });
      for (const [path, pixels] of [
        ["lying.png", picture(60, 25)],
        ["standing.png", picture(25, 60)],
      ] as const) {
        const parts = viewsOf(pixels, views);
        const vectors = await features.vectors(path);
        const expected = await encoder.encode(parts);
        expect(vectors).toHaveLength(views * 16);
        expected.forEach((one, at) => {
          close(vectors.subarray(at * 16, (at + 1) * 16), one);
        });
      }
    }
    await expect(open(images, store, { views: 2 })).rejects.toMatchObject({ code: "CONFIG" });
  });

  it("cuts parts that make up the whole along its longer side", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 30 }), fc.integer({ min: 3, max: 30 }), (width, height) => {
        const whole = picture(width, height);
        const [first, left, right, ...thirds] = viewsOf(whole, 6);
        expect(first).toBe(whole);
        const row = (parts: readonly Pixels[], y: number): number[] =>
          parts.flatMap((part) => [...part.data.subarray(y * part.width * 3, (y + 1) * part.width * 3)]);
        for (const parts of [[left!, right!], thirds])
          if (width < height) expect(parts.flatMap(({ data }) => [...data])).toEqual([...whole.data]);
          else for (let y = 0; y < height; y++) expect(row(parts, y)).toEqual(row([whole], y));
        expect(viewsOf(whole, 3)).toEqual([whole, left, right]);
        expect(viewsOf(whole, 4)).toEqual([whole, ...thirds]);
      }),
    );
    expect(viewsOf(picture(1, 1), 6)).toHaveLength(6);
  });

  it("encodes each content once, also after reopening, copying, renaming, touching, and for concurrent calls", async () => {
    const images = await folderOf({ "a.png": await png(40, 30), "b.png": await png(40, 30) });
    const store = await scratch();
    {
      await using features = await open(images, store);
      const efforts = await Promise.all(["a.png", "b.png", "a.png"].map((path) => features.picture(path)));
      const [first, other, again] = efforts.map(({ effort }) => effort);
      expect([first, other].sort()).toEqual(["encoded", "read"]); // either of the two may be read first
      expect(again).toBe(first);
      expect(features.encoded().pictures).toBe(1);
    }
    await copyFile(join(images, "a.png"), join(images, "copy.png"));
    await utimes(join(images, "b.png"), 1, 1);
    await rename(join(images, "b.png"), join(images, "renamed.png"));
    await using features = await open(images, store);
    const effort = async (path: string) => (await features.picture(path)).effort;
    expect(await effort("a.png")).toBe("unchanged");
    expect(await effort("copy.png")).toBe("read");
    expect(await effort("renamed.png")).toBe("read");
    expect(features.encoded().pictures).toBe(0);
  });

  it("encodes a changed file again, even if its size and modification time are the same", async () => {
    const [red, blue] = await Promise.all(
      ["red", "blue"].map((colour) => plain(8, 8, colour).tiff({ compression: "none" }).toBuffer()),
    );
    const images = await folderOf({ "a.png": red! });
    const store = await scratch();
    const vectors = async () => {
      await using features = await open(images, store);
      return await features.picture("a.png");
    };
    await utimes(join(images, "a.png"), 1, 1);
    const before = await vectors();
    await writeFile(join(images, "a.png"), blue!);
    await utimes(join(images, "a.png"), 1, 1);
    expect(blue).toHaveLength(red!.length);
    const after = await vectors();
    expect(after.effort).toBe("encoded");
    expect(after.vectors).not.toEqual(before.vectors);
  });

  it("stops when aborted and keeps finished work", async () => {
    const files: Record<string, Buffer> = {};
    for (let at = 0; at < 60; at++) files[`${at}.png`] = await png(30 + at, 30);
    const images = await folderOf(files);
    const store = await scratch();
    const stop = new AbortController();
    let done = 0;
    {
      await using features = await open(images, store, { signal: stop.signal });
      const all = Object.keys(files).map((path) =>
        features.vectors(path).then(() => {
          done += 1;
          if (done === 5) stop.abort();
        }),
      );
      const outcomes = await Promise.allSettled(all);
      const failed = outcomes.filter((outcome) => outcome.status === "rejected");
      expect(failed.length).toBeGreaterThan(0);
      for (const { reason } of failed) expect(reason).toMatchObject({ code: "ABORTED" });
    }
    await using features = await open(images, store);
    const efforts = await Promise.all(Object.keys(files).map((path) => features.picture(path)));
    expect(efforts.filter(({ effort }) => effort === "unchanged")).toHaveLength(done);
  });
});

describe("bad pictures and paths", () => {
  it("throw errors with the path and do not affect other pictures", async () => {
    const good = await png(40, 30);
    const images = await folderOf({
      "good.png": good,
      "sub/good.jpg": await sharp(good).jpeg().toBuffer(),
      "empty.jpg": "",
      "text.jpg": "a text file named .jpg",
      "truncated.png": good.subarray(0, good.length / 2),
      "bomb.svg": '<!DOCTYPE svg [<!ENTITY a "a">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
      "folder.jpg/x": "",
    });
    const elsewhere = await folderOf({ "secret.png": good });
    await symlink(join(elsewhere, "secret.png"), join(images, "out.png"));
    await symlink(elsewhere, join(images, "outside"));
    await symlink("good.png", join(images, "within.png"));
    await symlink("nowhere.png", join(images, "broken.png"));
    const expected: Record<string, string> = {
      "good.png": "",
      "sub/good.jpg": "",
      "sub/./good.jpg": "",
      "within.png": "",
      "empty.jpg": "IMAGE_UNREADABLE",
      "text.jpg": "IMAGE_UNREADABLE",
      "truncated.png": "IMAGE_UNREADABLE",
      "bomb.svg": "IMAGE_UNSUPPORTED",
      "folder.jpg": "FILE_IS_DIRECTORY",
      "missing.jpg": "FILE_NOT_FOUND",
      "good.png/x": "FILE_NOT_FOUND",
      "broken.png": "FILE_NOT_FOUND",
      "out.png": "PATH_OUTSIDE",
      "outside/secret.png": "PATH_OUTSIDE",
      "../secret.png": "PATH_OUTSIDE",
      "sub/../good.png": "PATH_OUTSIDE",
      [join(images, "good.png")]: "PATH_OUTSIDE",
      "C:\\good.png": "PATH_OUTSIDE",
      "sub\\..\\..\\secret.png": "PATH_OUTSIDE",
      "good.png\0.jpg": "PATH_OUTSIDE",
      ".": "PATH_OUTSIDE",
      "": "PATH_OUTSIDE",
    };
    await using features = await open(images, await scratch());
    const found = await Promise.all(
      Object.keys(expected).map(async (path) => [
        path,
        await features.vectors(path).then(
          () => "",
          (error) => {
            expect(error.message).toContain(JSON.stringify(path));
            return error.code;
          },
        ),
      ]),
    );
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it("are rejected in a sibling folder whose name has the same prefix", async () => {
    const images = await folderOf({ "a.png": await png(9, 9) });
    await mkdir(`${images}-private`);
    await writeFile(join(`${images}-private`, "b.png"), await png(9, 9));
    await symlink(join(`${images}-private`, "b.png"), join(images, "b.png"));
    await using features = await open(images, await scratch());
    await expect(features.vectors("b.png")).rejects.toMatchObject({ code: "PATH_OUTSIDE" });
    await rm(`${images}-private`, { recursive: true });
  });

  it("are not read if they are too large", async () => {
    const images = await folderOf({ "a.png": await png(40, 30) });
    await using features = await open(images, await scratch(), { limits: { bytes: 10, pixels: 1e6 } });
    await expect(features.vectors("a.png")).rejects.toMatchObject({ code: "IMAGE_TOO_LARGE" });
  });

  it("count as missing for a model, are reported once, and leave the other pictures of an entity", async () => {
    const images = await folderOf({ "a.png": await png(40, 30), "b.png": await png(30, 40), "c.png": "" });
    await using features = await open(images, await scratch(), { views: 3 });
    const reported: string[] = [];
    const source = createImageSource(features, (path, { code }) => reported.push(`${path} ${code}`));
    expect(await source("c.png")).toBeUndefined();
    expect(await source(["c.png", "missing.png"])).toBeUndefined();
    expect(await source([])).toBeUndefined();
    const [a, b] = [await features.vectors("a.png"), await features.vectors("b.png")];
    expect(await source("a.png")).toEqual(a);
    expect(await source(["a.png"])).toEqual(a);
    const both = await source(["c.png", "a.png", "b.png"]);
    expect(both).toEqual(
      Float32Array.from([...a.subarray(0, 16), ...b.subarray(0, 16), ...a.subarray(16, 32)]),
    );
    expect(reported).toEqual(["c.png IMAGE_UNREADABLE", "missing.png FILE_NOT_FOUND"]);
  });

  it("are reported at once if the folder does not exist", async () => {
    await expect(open("no/such/folder", await scratch())).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(listImages("no/such/folder")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });
});

it("lists pictures by extension, sorted, without hidden files", async () => {
  const images = await folderOf({
    "b.JPG": "",
    "a/c.png": "",
    "a/.d.png": "",
    ".e/f.png": "",
    "readme.txt": "",
  });
  expect(await listImages(images)).toEqual(["a/c.png", "b.JPG"]);
});
