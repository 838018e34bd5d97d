import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodeImage } from "../../../src/encoders/image/index.js";
import { drawn, HOSTILE_DRAWINGS, hugePng, laughs, meanColour, picture, plain, svg } from "./pictures.js";

const code = (bytes: Uint8Array): Promise<string> =>
  decodeImage(bytes).then(
    ({ width, height }) => `${width} x ${height}`,
    (error) => error.code ?? `${error}`,
  );

const near = (found: readonly number[], expected: readonly number[], tolerance = 3): void =>
  found.forEach((value, at) => {
    expect(Math.abs(value - expected[at]!)).toBeLessThanOrEqual(tolerance);
  });

describe("decodeImage", () => {
  it.each(["png", "webp", "tiff"] as const)("returns the exact pixels of a lossless %s", async (form) => {
    const original = picture(50, 40);
    const bytes = await drawn(original)
      .toFormat(form, { lossless: true, compression: "lzw" } as never)
      .toBuffer();
    expect(Buffer.compare((await decodeImage(bytes)).data, original.data)).toBe(0);
  });

  it.each(["jpeg", "gif", "avif"] as const)("returns nearly the pixels of a %s", async (form) => {
    const original = picture(50, 40);
    near(
      meanColour(await decodeImage(await drawn(original).toFormat(form).toBuffer())),
      meanColour(original),
      6,
    );
  });

  it("recognises a format by its content, not its name", async () => {
    const disguised = await plain(9, 7, "red").webp().toBuffer();
    expect(await code(disguised)).toBe("9 x 7");
  });

  it("rotates an image by its EXIF orientation", async () => {
    const left = plain(40, 20, "red").composite([
      { input: await plain(20, 20, "blue").png().toBuffer(), left: 0, top: 0 },
    ]);
    const turned = await sharp(await left.png().toBuffer())
      .withMetadata({ orientation: 6 })
      .jpeg({ chromaSubsampling: "4:4:4", quality: 100 })
      .toBuffer();
    const upright = await decodeImage(turned);
    expect([upright.width, upright.height]).toEqual([20, 40]);
    near([...upright.data.subarray(0, 3)], [0, 0, 255], 4);
    near([...upright.data.subarray(-3)], [255, 0, 0], 4);
  });

  it("decodes the first frame of an animation", async () => {
    const frames = await Promise.all(["red", "blue"].map((c) => plain(12, 10, c).png().toBuffer()));
    for (const form of ["gif", "webp"] as const) {
      const bytes = await sharp(frames, { join: { animated: true } })
        .toFormat(form)
        .toBuffer();
      expect((await sharp(bytes).metadata()).pages).toBe(2);
      const first = await decodeImage(bytes);
      expect([first.width, first.height]).toEqual([12, 10]);
      near(meanColour(first), [255, 0, 0]);
    }
  });

  it("converts CMYK, grey and 16 bits to 8-bit sRGB", async () => {
    const cmyk = await plain(8, 8, "#b08070").toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe("cmyk");
    near(meanColour(await decodeImage(cmyk)), [0xb0, 0x80, 0x70], 8);
    const deep = await plain(8, 8, "#c04020").toColourspace("rgb16").png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe("ushort");
    near(meanColour(await decodeImage(deep)), [0xc0, 0x40, 0x20], 1);
    const grey = await plain(8, 8, "#808080").toColourspace("b-w").png().toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    near(meanColour(await decodeImage(grey)), [128, 128, 128], 1);
    const deepGrey = await plain(8, 8, "#808080").toColourspace("grey16").png().toBuffer();
    near(meanColour(await decodeImage(deepGrey)), [128, 128, 128], 1);
  });

  it("puts transparent pixels on white", async () => {
    const clear = await plain(8, 8, { r: 0, g: 0, b: 0, alpha: 0 }, 4).png().toBuffer();
    near(meanColour(await decodeImage(clear)), [255, 255, 255], 0);
    const half = await plain(8, 8, { r: 255, g: 0, b: 0, alpha: 0.5 }, 4).png().toBuffer();
    near(meanColour(await decodeImage(half)), [255, 127, 127], 1);
  });

  it("renders a small SVG larger, and reduces a large image", async () => {
    const drawing =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 18"><rect width="36" height="18" fill="#0f0"/></svg>';
    const rendered = await decodeImage(Buffer.from(drawing));
    expect([rendered.width, rendered.height]).toEqual([512, 256]);
    near(meanColour(rendered), [0, 255, 0], 0);
    expect(await code(await plain(4096, 1024, "red").jpeg().toBuffer())).toBe("2048 x 512");
  });
});

describe("decodeImage rejects", () => {
  it.each(["jpeg", "png", "webp", "gif", "tiff", "avif"] as const)("a truncated %s", async (form) => {
    const whole = await drawn(picture(300, 200)).toFormat(form).toBuffer();
    expect(await code(whole)).toBe("300 x 200");
    for (const share of [0.1, 0.5, 0.9])
      expect(await code(whole.subarray(0, Math.floor(whole.length * share)))).toBe("IMAGE_UNREADABLE");
  });

  it.each([
    ["empty", Buffer.alloc(0)],
    ["text", Buffer.from("a text file named .jpg")],
    ["a web page", Buffer.from("<!doctype html><html><body>404</body></html>")],
    ["only the first bytes of a JPEG", Buffer.from([0xff, 0xd8, 0xff])],
    ["a PDF", Buffer.from("%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj")],
    ["a GIF of zeros", Buffer.concat([Buffer.from("GIF89a"), Buffer.alloc(100)])],
    ["an SVG that is not XML", svg("<g>")],
  ])("%s", async (_, bytes) => {
    expect(await code(bytes)).toBe("IMAGE_UNREADABLE");
  });

  it("too many pixels, claimed or real", async () => {
    expect(await code(hugePng(30_000, 30_000))).toBe("IMAGE_TOO_LARGE");
    const huge = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"><rect width="9" height="9"/></svg>',
    );
    expect(await code(huge)).toBe("IMAGE_TOO_LARGE");
    expect(await code(await plain(7200, 7000, "red").jpeg().toBuffer())).toBe("IMAGE_TOO_LARGE");
  });

  it("too many bytes", async () => {
    const bytes = await plain(8, 8, "red").png().toBuffer();
    await expect(decodeImage(bytes, { bytes: bytes.length - 1, pixels: 1e6 })).rejects.toMatchObject({
      code: "IMAGE_TOO_LARGE",
    });
  });

  it("an extreme aspect ratio", async () => {
    expect(await code(await plain(1, 3000, "red").png().toBuffer())).toBe("IMAGE_UNSUPPORTED");
    expect(await code(await plain(1, 1, "red").png().toBuffer())).toBe("1 x 1");
    expect(await code(hugePng(1, 50_000_000))).toBe("IMAGE_UNSUPPORTED"); // not decoded, so not known to be damaged
  });

  it("drawings that take hours, while it decodes others", async () => {
    const slow = HOSTILE_DRAWINGS.map((bytes) => code(bytes));
    const good = await plain(8, 8, "red").png().toBuffer();
    expect(await code(good)).toBe("8 x 8");
    expect(await Promise.all(slow)).toEqual(HOSTILE_DRAWINGS.map(() => "IMAGE_UNREADABLE"));
    expect(await code(good)).toBe("8 x 8");
  }, 300_000);

  it("HEIC", async () => {
    const head = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1");
    expect(await code(Buffer.concat([head, Buffer.alloc(500)]))).toBe("IMAGE_UNSUPPORTED");
  });

  it.each([
    ["an entity that expands exponentially", svg("<text>&j;</text>", laughs)],
    ["an external entity", svg("&x;", '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>')],
    ["an image from the network", svg('<image href="http://example.org/a.png" width="9" height="9"/>')],
    ["an image from the disk", svg('<image xlink:href="/etc/passwd" width="9" height="9"/>')],
    ["a hidden reference", svg('<image href="&#104;ttp://example.org/a.png"/>')],
    ["a reference without quotes", svg("<use href = 'other.svg#a'/>")],
    ["an embedded image", svg('<image href="data:image/png;base64,AAAA"/>')],
    ["a style sheet", svg("<style>@import 'http://example.org/a.css'</style>")],
    ["a style sheet before it", svg("", '<?xml-stylesheet href="a.css"?>')],
    ["a fill from another file", svg('<rect fill="url(http://example.org/a.svg#b)"/>')],
    ["an escape", svg("<style>rect{fill:\\75rl(a)}</style>")],
    ["a script", svg("<script>1</script>")],
    ["bytes that are not UTF-8", Buffer.concat([svg(""), Buffer.from([0xff])])],
  ])("an SVG with %s", async (_, bytes) => {
    expect(await code(bytes)).toBe("IMAGE_UNSUPPORTED");
  });
});

describe("decodeImage and SVG references", () => {
  it("renders an SVG that refers to its own parts", async () => {
    const own =
      '<defs><linearGradient id="g"><stop stop-color="red"/></linearGradient></defs>' +
      '<rect id="r" width="9" height="9" fill="url(#g)"/><use xlink:href="#r"/>';
    near(meanColour(await decodeImage(svg(own))), [255, 0, 0], 0);
  });

  it("finishes with an SVG whose parts expand exponentially", async () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) => `<g id="l${at + 1}">${`<use href="#l${at}"/>`.repeat(10)}</g>`,
    );
    const bytes = svg(`<rect id="l0" width="1" height="1"/>${levels.join("")}`);
    expect(["512 x 512", "IMAGE_UNREADABLE"]).toContain(await code(bytes));
  }, 300_000);
});
