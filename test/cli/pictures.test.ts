import { readFile, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { drawn, hugePng, laughs, picture, plain, svg } from "../encoders/image/pictures.js";
import { TINY } from "../encoders/model-folders.js";
import { folderOf, tinyEncoder } from "../pictures/folder.js";
import {
  captionOf,
  lines,
  links,
  mmel,
  pageData,
  requestsIn,
  scratch,
  spawnMmel,
  writeRecords,
} from "./harness.js";

const path = scratch();
const entities = ["Q1", "Q2", "Q3"].map((id, at) => ({
  id,
  label: "Crane",
  properties: { kind: [id] },
  ...(at > 0 && { images: [`${id}.png`] }),
}));
const captionWith = (id: string, image: string | undefined, gold = "Q1") => {
  const caption = captionOf(id, "Crane");
  return { ...caption, image, mentions: caption.mentions!.map((mention) => ({ ...mention, gold })) };
};

/** Readable pictures, and unreadable ones with their error codes. */
const good: Record<string, Buffer> = {};
const bad: Record<string, [content: Buffer | undefined, code: string]> = {};
/** Paths that captions must not contain. */
let outside: string[];
let images: string;
let options: string[];

beforeAll(async () => {
  const whole = await drawn(picture(120, 80)).png().toBuffer();
  const frames = await Promise.all(["red", "blue"].map((colour) => plain(12, 10, colour).png().toBuffer()));
  Object.assign(good, {
    "plain.png": whole,
    "cmyk.jpg": await plain(9, 9, "#b08070").toColourspace("cmyk").jpeg().toBuffer(),
    "deep.png": await plain(9, 9, "#c04020").toColourspace("rgb16").png().toBuffer(),
    "animated.gif": await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer(),
    "turned.jpg": await sharp(whole).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    "webp named.jpg": await drawn(picture(30, 30)).webp().toBuffer(),
    "drawing.svg": svg('<rect width="9" height="9"/>'),
  });
  const heic = Buffer.concat([
    Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"),
    Buffer.alloc(500),
  ]);
  Object.assign(bad, {
    "truncated.png": [whole.subarray(0, whole.length / 2), "IMAGE_UNREADABLE"],
    "empty.png": [Buffer.alloc(0), "IMAGE_UNREADABLE"],
    "text.jpg": [Buffer.from("a text file named .jpg"), "IMAGE_UNREADABLE"],
    "huge.png": [hugePng(30_000, 30_000), "IMAGE_TOO_LARGE"],
    "heic.heic": [heic, "IMAGE_UNSUPPORTED"],
    "laughs.svg": [svg("<text>&j;</text>", laughs), "IMAGE_UNSUPPORTED"],
    "outside.svg": [
      svg('<image href="http://example.org/a.png" width="9" height="9"/>'),
      "IMAGE_UNSUPPORTED",
    ],
    "passwd.svg": [
      svg("&x;", '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
      "IMAGE_UNSUPPORTED",
    ],
    "link.png": [undefined, "PATH_OUTSIDE"],
    "missing.png": [undefined, "FILE_NOT_FOUND"],
    folder: [undefined, "FILE_IS_DIRECTORY"],
  });
  const files = Object.entries(bad).flatMap(([name, [content]]) =>
    content === undefined ? [] : [[name, content]],
  );
  images = await folderOf({ ...good, ...Object.fromEntries(files), "Q2.png": whole, "folder/a.txt": "" });
  const elsewhere = await folderOf({ "secret.png": whole });
  await symlink(join(elsewhere, "secret.png"), join(images, "link.png"));
  outside = ["../secret.png", join(elsewhere, "secret.png")];
  const encoder = (await tinyEncoder()).folder;
  await writeRecords(path("entities.jsonl"), entities);
  await mmel(["kb", "import", path("entities.jsonl"), "--kb", path("kb")]);
  const init = [
    "models",
    "init",
    path("model"),
    "--encoder",
    resolve(TINY),
    "--layers",
    "1",
    "--width",
    "16",
  ];
  expect(await mmel([...init, "--image-encoder", encoder])).toMatchObject({ code: 0, stderr: "" });
  options = ["--kb", path("kb"), "--model", path("model"), "--images", images];
  options.push("--image-encoder", encoder, "--features", path("features"));
});

/** The match of each candidate, per caption id. */
const matches = (stdout: string) =>
  Object.fromEntries(
    links(stdout).map(({ id, mentions: [mention] }) => [
      id,
      Object.fromEntries(mention!.candidates.map(({ id, match }) => [id, match])),
    ]),
  );

describe("mmel link --images", () => {
  it("links every caption, and reports and skips unreadable pictures", async () => {
    const names = [...Object.keys(good), ...Object.keys(bad)];
    const captions = [captionWith("none", undefined), ...names.map((name) => captionWith(name, name))];
    const file = await writeRecords(path("all.jsonl"), captions);
    const { code, stdout, stderr, peak } = await spawnMmel(["link", file, ...options]);
    expect(code).toBe(0);
    expect(links(stdout).map(({ id }) => id)).toEqual(captions.map(({ id }) => id));
    const scores = matches(stdout);
    for (const name of Object.keys(bad)) expect(scores[name], name).toEqual(scores.none);
    for (const name of Object.keys(good)) expect(scores[name], name).not.toEqual(scores.none);
    const notes = lines(stderr);
    for (const [name, [, wanted]] of Object.entries(bad)) {
      const own = new RegExp(`caption ${name.replaceAll(".", "\\.")}(?:$|[.;] )`);
      const [first, ...more] = notes.filter((line) => own.test(line));
      expect(more).toEqual([]);
      expect(first).toMatch(new RegExp(`^mmel: ignoring the picture of a caption: ${wanted}: `));
    }
    // Q3.png is missing: the picture of an entity is reported once, however many captions it is a candidate of.
    expect(notes.filter((line) => line.includes('"Q3.png"'))).toEqual([
      expect.stringMatching(/^mmel: ignoring the picture of an entity: FILE_NOT_FOUND: /),
    ]);
    expect(notes).toHaveLength(Object.keys(bad).length + 1);
    expect(stderr).not.toContain("root:");
    expect(peak).toBeLessThan(800); // 30,000 x 30,000 pixels alone would be 2,600 MiB
  });

  it("rejects captions with a picture outside the folder", async () => {
    const captions = outside.map((name, at) => captionWith(`${at}`, name));
    const file = await writeRecords(path("outside.jsonl"), [...captions, captionWith("in", "plain.png")]);
    const { code, stdout, stderr } = await mmel(["link", file, ...options]);
    expect({ code, ids: links(stdout).map(({ id }) => id) }).toEqual({ code: 1, ids: ["in"] });
    expect(stderr.match(/CAPTION_INVALID: image: is outside the images folder/g)).toHaveLength(2);
  });

  it("stops at an unreadable picture with --on-error fail", async () => {
    const captions = [captionWith("a", "plain.png"), captionWith("b", "text.jpg")];
    const file = await writeRecords(path("two.jsonl"), captions);
    const { code, stderr } = await mmel(["link", file, ...options, "--on-error", "fail"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^mmel: IMAGE_UNREADABLE: .*caption b.*\n$/),
    });
  });

  it("reports a model that does not use pictures, and links as without them", async () => {
    const file = await writeRecords(path("one.jsonl"), [captionWith("a", "plain.png")]);
    const lexical = ["link", file, "--kb", path("kb"), "--model", "lexical"];
    const [without, given] = [await mmel(lexical), await mmel([...lexical, "--images", images])];
    expect(given.stdout).toBe(without.stdout);
    expect(given).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^mmel: lexical@\w+ does not use pictures/),
    });
    expect(await mmel([...lexical, "--images", path("none")])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(
        /^mmel: FILE_NOT_FOUND: the path is not a folder, or the folder cannot be read, .*\n$/,
      ),
    });
  });

  it("names the missing encoder", async () => {
    const at = options.indexOf("--image-encoder");
    const file = await writeRecords(path("one.jsonl"), [captionWith("a", "plain.png")]);
    const { code, stderr } = await mmel(["link", file, ...options.toSpliced(at, 2)]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^mmel: CONFIG: .*"clip".*--image-encoder/),
    });
  });
});

describe("HTML pages", () => {
  it("embed the pictures of captions and candidates, and request nothing", async () => {
    const names = ["plain.png", "drawing.svg", "text.jpg", "link.png", "missing.png"];
    const file = await writeRecords(
      path("paged.jsonl"),
      names.map((name) => captionWith(name, name, "Q2")),
    );
    const linked = await mmel(["link", file, ...options, "--format", "html"]);
    const report = path("report.html");
    expect((await mmel(["evaluate", file, ...options, "--report", report])).code).toBe(0);
    for (const page of [linked.stdout, await readFile(report, "utf8")]) {
      expect(requestsIn(page)).toEqual([]);
    }
    const count = (words: string): number => linked.stdout.split(`alt="${words}"`).length - 1;
    expect(count("picture of the caption: Crane")).toBe(2); // the good ones
    expect(count("Crane")).toBe(names.length); // of Q2; the other entities have none
  });
});

describe("mmel demo", () => {
  it("reports what the pictures changed", async () => {
    const [encoder] = options.slice(options.indexOf("--image-encoder") + 1);
    const args = ["demo", "--output", path("demo"), "--model", path("model"), "--image-encoder", encoder!];
    const { code, stdout, stderr } = await mmel(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /Of the 14 names that depend on a picture, \d+ are linked as annotated with it and \d+ without it/,
    );
    const changed = lines(stdout).filter(
      (line) => /\S.* [✓✗] .*without picture: /.test(line) && !line.startsWith("✓"),
    );
    expect(changed.length).toBeGreaterThan(0);
    const report = await readFile(path("demo/report.html"), "utf8");
    const blind = pageData(report).flatMap(({ mentions }) =>
      mentions.filter(({ blind }) => blind !== undefined),
    );
    expect(blind).toHaveLength(changed.length);
    expect(report).not.toContain("does not use");
  });
});

describe("mmel evaluate and calibrate --images", () => {
  it("agree with the links", async () => {
    const captions = Object.keys(good).map((name) => captionWith(name, name));
    const file = await writeRecords(path("good.jsonl"), captions);
    const linked = links((await mmel(["link", file, ...options])).stdout);
    const { code, stdout } = await mmel(["evaluate", file, ...options, "--json"]);
    expect(code).toBe(0);
    const first = linked.filter(({ mentions: [mention] }) => mention!.candidates[0]!.id === "Q1").length;
    expect(JSON.parse(stdout).all.top1).toBeCloseTo(first / captions.length, 9);
    const blind = await mmel(["evaluate", file, ...options.slice(0, 4), "--json"]);
    expect(JSON.parse(blind.stdout).all).not.toEqual(JSON.parse(stdout).all);
  });

  it("fit a calibration that links with pictures use", async () => {
    const twelve = Array.from({ length: 12 }, (_, at) =>
      captionWith(`${at}`, Object.keys(good)[at % 7], `Q${1 + (at % 3)}`),
    );
    const file = await writeRecords(path("twelve.jsonl"), twelve);
    const args = ["calibrate", file, ...options, "--output", path("calibrated")];
    expect(await mmel(args)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/wrote the calibration/),
    });
    const { stdout } = await mmel(["link", file, ...options, "--model", path("calibrated")]);
    for (const { mentions } of links(stdout)) expect(mentions[0]!.probability).toBeGreaterThan(0);
  });
});
