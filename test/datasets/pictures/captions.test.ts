import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Caption } from "../../../src/core/index.js";
import { type PictureCaptionOptions, pictureCaptions } from "../../../src/datasets/pictures/index.js";
import { described, headline, jpeg, jpegWithExif, jpegWithIptc, shown, webp } from "./make.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-pictures-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(name: string, bytes: Buffer | string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), bytes);
}

async function read(options: PictureCaptionOptions = {}) {
  const captions: Caption[] = [];
  const rejected: (readonly [string | undefined, string])[] = [];
  for await (const record of pictureCaptions(folder, options)) {
    if (record.kind === "record") captions.push(record.value);
    else rejected.push([record.id, record.error.code]);
  }
  return { captions, rejected };
}

describe("pictureCaptions", () => {
  it("reads the description as text and the persons shown as mentions, with or without spans", async () => {
    await put(
      "a/meeting.jpg",
      await jpeg(
        described(["x-default", "👍 Ann Lee with Bo &amp; Ann in Paris"]) +
          headline("Talks") +
          shown("Ann", "Ann Lee", "Carl Carlson"),
      ),
    );
    const { captions, rejected } = await read();
    expect(rejected).toEqual([]);
    expect(captions).toEqual([
      {
        id: "a/meeting.jpg",
        text: "👍 Ann Lee with Bo & Ann in Paris",
        image: "a/meeting.jpg",
        mentions: [
          { text: "Ann Lee", span: { start: 3, end: 10 } },
          { text: "Ann", span: { start: 21, end: 24 } },
          { text: "Carl Carlson" },
        ],
      },
    ]);
    for (const { text, span } of captions[0]!.mentions)
      if (span) expect(captions[0]!.text.slice(span.start, span.end)).toBe(text);
  });

  it("falls back to IPTC, EXIF and the headline", async () => {
    await put("1-iptc.jpg", await jpegWithIptc({ 120: "Édith in Café", 105: "Head" }));
    await put("2-exif.jpg", await jpegWithExif("from the camera"));
    await put("3-headline.webp", await webp(headline("only a headline") + shown("nobody")));
    await put("4-iptc-headline.jpg", await jpegWithIptc({ 105: "Short" }));
    const { captions, rejected } = await read();
    expect(rejected).toEqual([]);
    expect(captions.map(({ text }) => text)).toEqual([
      "Édith in Café",
      "from the camera",
      "only a headline",
      "Short",
    ]);
  });

  it("selects the description in the preferred language and sets the language of the caption", async () => {
    const language = "<dc:language><rdf:Bag><rdf:li>fr</rdf:li></rdf:Bag></dc:language>";
    await put(
      "a.jpg",
      await jpeg(described(["x-default", "default"], ["de-AT", "deutsch"], ["en", "english"])),
    );
    await put("b.jpg", await jpeg(described(["x-default", "français"]) + language));
    const textsIn = async (wanted?: string) =>
      (await read(wanted === undefined ? {} : { language: wanted })).captions.map(
        ({ text, language: spoken }) => [text, spoken],
      );
    expect(await textsIn()).toEqual([
      ["default", undefined],
      ["français", "fr"],
    ]);
    expect(await textsIn("de")).toEqual([
      ["deutsch", "de-AT"],
      ["français", "fr"],
    ]);
  });

  it("rejects files that are not pictures, damaged, without text, too large or not followed, and continues", async () => {
    const good = await jpeg(described(["x-default", "good"]));
    await put("1-good.jpg", good);
    await put("2-text.jpg", "this is not a picture but only some plain text");
    await put("3-empty.jpg", "");
    await put("4-silent.jpg", await jpeg());
    await put("5-large.jpg", Buffer.concat([good, Buffer.alloc(300_000)]));
    await put(
      "6-xmp.jpg",
      Buffer.concat([good, Buffer.from(`<x:xmpmeta>${" ".repeat(5 << 20)}</x:xmpmeta>`)]),
    );
    await put("7-nested.jpg", await jpeg("<a>".repeat(8_000)));
    await put("8-long.jpg", await jpeg(described(["x-default", "text"]) + shown("n".repeat(1_001))));
    await put("9-notes.txt", "notes");
    await put("a-good.jpg", good);
    await put(".hidden.jpg", "x");
    await put("1-good.jpg.xmp", "<sidecar/>");
    const outside = await mkdtemp(join(tmpdir(), "mmel-outside-"));
    await writeFile(join(outside, "secret.jpg"), good);
    await symlink(join(outside, "secret.jpg"), join(folder, "b-link.jpg"));
    await symlink(outside, join(folder, "c-folder"));
    const { captions, rejected } = await read({ maxBytes: 6 << 20 });
    expect(captions.map(({ id }) => id)).toEqual(["1-good.jpg", "5-large.jpg", "a-good.jpg"]);
    expect(rejected).toEqual([
      ["2-text.jpg", "IMAGE_UNREADABLE"],
      ["3-empty.jpg", "IMAGE_UNREADABLE"],
      ["4-silent.jpg", "CAPTION_INVALID"],
      ["6-xmp.jpg", "IMAGE_TOO_LARGE"],
      ["7-nested.jpg", expect.stringMatching(/CAPTION_INVALID|IMAGE_UNREADABLE/)],
      ["8-long.jpg", "CAPTION_INVALID"],
      ["9-notes.txt", "IMAGE_UNREADABLE"],
      ["b-link.jpg", "PATH_OUTSIDE"],
      ["c-folder", "PATH_OUTSIDE"],
    ]);
    expect((await read({ maxBytes: 200_000 })).rejected).toContainEqual(["5-large.jpg", "IMAGE_TOO_LARGE"]);
    await rm(outside, { recursive: true });
  });

  it("reads or rejects a picture truncated at any point", async () => {
    const whole = await jpeg(described(["x-default", "whole"]));
    for (let index = 0; index < whole.length; index += 37)
      await put(`${String(index).padStart(5, "0")}.jpg`, whole.subarray(0, index));
    const { captions, rejected } = await read();
    expect(captions.length + rejected.length).toBe(Math.ceil(whole.length / 37));
    for (const { text } of captions) expect(text).toBe("whole");
    expect(rejected.length).toBeGreaterThan(5);
  });
});
