import { symlink } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createEmbedder } from "../../src/pictures/index.js";
import { plain, svg } from "../encoders/image/pictures.js";
import { folderOf, png } from "./folder.js";

const decoded = async (address: string) => {
  const [head, body] = address.split(",");
  expect(head).toBe("data:image/webp;base64");
  return sharp(Buffer.from(body!, "base64")).metadata();
};

describe("createEmbedder", () => {
  it("embeds small copies of pictures of any format and skips bad ones", async () => {
    const images = await folderOf({
      "large.jpg": await plain(1000, 500, "red").jpeg().toBuffer(),
      "small.png": await png(40, 30),
      "drawing.svg": svg("<rect width='9' height='9'/>"),
      "script.svg": svg("<script>alert(1)</script>"),
      "text.jpg": "not a picture",
    });
    await symlink("/etc/passwd", join(images, "out.png"));
    const names = [
      "large.jpg",
      "small.png",
      "drawing.svg",
      "script.svg",
      "text.jpg",
      "out.png",
      "../x.png",
      "none.png",
    ];
    const embedded = await createEmbedder({ images }).embed([
      ...names,
      "large.jpg",
      "https://example.org/a.png",
    ]);
    expect([...embedded.keys()].toSorted()).toEqual(["drawing.svg", "large.jpg", "small.png"]);
    expect(await decoded(embedded.get("large.jpg")!)).toMatchObject({ width: 160, height: 80 });
    expect(await decoded(embedded.get("small.png")!)).toMatchObject({ width: 40, height: 30 });
    expect(await decoded(embedded.get("drawing.svg")!)).toMatchObject({ width: 160, height: 160 });
    await expect(createEmbedder({ images: join(images, "none") }).embed([])).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
    });
  });

  it("stays within the maximum total length", async () => {
    const files: Record<string, Buffer> = {};
    for (let at = 0; at < 30; at++) files[`${at}.png`] = await png(60 + at, 60);
    const images = await folderOf(files);
    const all = [...(await createEmbedder({ images }).embed(Object.keys(files))).values()];
    expect(all).toHaveLength(30);
    const most = all.slice(0, 10).reduce((sum, { length }) => sum + length, 0);
    const embedder = createEmbedder({ images, most });
    const calls = [
      await embedder.embed(Object.keys(files).slice(0, 8)),
      await embedder.embed(Object.keys(files)),
    ];
    for (const [path, address] of calls[0]!) expect(calls[1]!.get(path)).toBe(address);
    const some = [...calls[1]!.values()];
    expect(embedder.leftOut()).toBe(30 - some.length);
    expect(some.length).toBeGreaterThan(5);
    expect(some.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(most);
  });
});
