import { copyFile, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Caption,
  type CaptionLinks,
  commonsAddress,
  type Entity,
  type MmelError,
} from "../../src/core/index.js";
import { createLinker } from "../../src/linker/index.js";
import { openPictures, type Pictures, type PicturesOptions } from "../../src/pictures/index.js";
import { plain } from "../encoders/image/pictures.js";
import { folderOf, png, scratch, tinyEncoder } from "../pictures/folder.js";
import { toyModel } from "./fixtures.js";
import { untrained } from "./untrained.js";

const entity = (id: string, ...images: string[]): Entity => ({
  id,
  label: "Crane",
  aliases: [],
  properties: { group: [id] },
  images,
});

const caption = (id: string, image?: string): Caption => ({
  id,
  text: "Crane",
  mentions: [{ text: "Crane" }],
  ...(image !== undefined && { image }),
});

let images: string;
let store: string;
let model: string;
let encoder: string;

beforeAll(async () => {
  images = await folderOf({
    "red.png": await plain(20, 20, "red").png().toBuffer(),
    "drawn.png": await png(40, 30),
    "empty.jpg": "",
    "text.jpg": "no picture",
  });
  await symlink("/etc/passwd", join(images, "out.png"));
  store = await scratch();
  const files = await tinyEncoder();
  encoder = files.folder;
  model = await untrained(join(await scratch(), "model"), files, { imageViews: 3 });
});

const open = (options: Partial<PicturesOptions> = {}): Promise<Pictures> =>
  openPictures({ images, features: store, encoder, ...options });

interface Report {
  readonly id: string | undefined;
  readonly code: string;
  readonly message: string;
}

/** The links of captions, and the reported unreadable pictures. */
async function linked(
  captions: readonly Caption[],
  {
    kb = [entity("Q1"), entity("Q2", "drawn.png")],
    ...options
  }: Partial<PicturesOptions> & { kb?: Entity[] } = {},
): Promise<{ links: CaptionLinks[]; reported: Report[] }> {
  const reported: Report[] = [];
  const onBad = ({ code, message }: MmelError, caption?: Caption): void => {
    reported.push({ id: caption?.id, code, message });
  };
  await using pictures = await open({ onBad, ...options });
  await using linker = await createLinker({ kb, model, images: pictures });
  const links: CaptionLinks[] = [];
  for await (const { links: linked } of linker.linkAll(captions)) if (linked) links.push(linked);
  return { links, reported };
}

/** m of each candidate by its id. */
const matches = ({ mentions: [mention] }: CaptionLinks): Record<string, number> =>
  Object.fromEntries(mention!.candidates.map(({ entity: { id }, match }) => [id, match!]));

describe("linking with pictures", () => {
  it("uses the pictures of captions and entities", async () => {
    const captions = [caption("red", "red.png"), caption("drawn", "drawn.png"), caption("none")];
    const [red, drawn, none] = (await linked(captions)).links.map(matches);
    expect(red!.Q1).not.toBe(drawn!.Q1);
    expect(red!.Q1).not.toBe(none!.Q1);
    const other = (await linked(captions, { kb: [entity("Q1"), entity("Q2", "red.png")] })).links.map(
      matches,
    );
    for (const [at, scores] of [red!, drawn!, none!].entries()) {
      expect(other[at]!.Q1).toBe(scores.Q1);
      expect(other[at]!.Q2).not.toBe(scores.Q2);
    }
  });

  it("uses all pictures of an entity together", async () => {
    const kb = [entity("Q1", "red.png"), entity("Q2", "red.png", "drawn.png"), entity("Q3", "drawn.png")];
    const { Q1, Q2, Q3 } = matches((await linked([caption("1")], { kb })).links[0]!);
    expect(new Set([Q1, Q2, Q3]).size).toBe(3);
    const same = kb.map((one) => ({ ...one, properties: {} }));
    const alike = matches((await linked([caption("1")], { kb: same })).links[0]!);
    expect(new Set(Object.values(alike)).size).toBe(3); // they differ only in their pictures
  });

  it("reports each caption with an unreadable picture and links it without", async () => {
    const bad = ["empty.jpg", "text.jpg", "missing.jpg", "out.png", "../secret.jpg", "empty.jpg"];
    const captions = [...bad.map((image, at) => caption(`${at}`, image)), caption("last", "red.png")];
    const { links, reported } = await linked(captions);
    const [none, red] = (await linked([caption("none"), caption("red", "red.png")])).links.map(matches);
    expect(links.map(matches)).toEqual([...bad.map(() => none), red]);
    expect(
      reported.toSorted((a, b) => Number(a.id) - Number(b.id)).map(({ id, code }) => [id, code]),
    ).toEqual([
      ["0", "IMAGE_UNREADABLE"],
      ["1", "IMAGE_UNREADABLE"],
      ["2", "FILE_NOT_FOUND"],
      ["3", "PATH_OUTSIDE"],
      ["4", "PATH_OUTSIDE"],
      ["5", "IMAGE_UNREADABLE"],
    ]);
    for (const { id, message } of reported) expect(message).toContain(`"${bad[Number(id)]}", caption ${id}`);
  });

  it("reports each unreadable picture of an entity once and skips addresses", async () => {
    const kb = [
      entity("Q1", "https://example.org/a.jpg"),
      entity("Q2", "text.jpg"),
      entity("Q3", "text.jpg"),
    ];
    const captions = ["1", "2"].map((id) => caption(id));
    const { links, reported } = await linked(captions, { kb });
    expect(reported.map(({ id, code }) => [id, code])).toEqual([[undefined, "IMAGE_UNREADABLE"]]);
    const without = kb.map(({ id }) => entity(id));
    expect(links.map(matches)).toEqual((await linked(captions, { kb: without })).links.map(matches));
  });

  it("uses downloaded pictures of Wikimedia Commons, given by address", async () => {
    const captions = [caption("1", "red.png")];
    const [here, absent] = ["A drawing.png", "Another.png"].map(commonsAddress);
    await mkdir(join(images, "commons"), { recursive: true });
    await copyFile(join(images, "drawn.png"), join(images, "commons", "A_drawing.png"));
    const kb = [entity("Q1", absent!), entity("Q2", here!)];
    const { links, reported } = await linked(captions, { kb });
    expect(reported).toEqual([]);
    expect(links.map(matches)).toEqual((await linked(captions)).links.map(matches));
  });

  it("stops if the callback for unreadable pictures throws", async () => {
    const onBad = (error: MmelError): never => {
      throw error;
    };
    await expect(linked([caption("1", "text.jpg")], { onBad })).rejects.toMatchObject({
      code: "IMAGE_UNREADABLE",
    });
  });

  it("encodes pictures once for all linkers that share a folder of vectors", async () => {
    const features = await scratch();
    const captions = [caption("red", "red.png")];
    const first = await linked(captions, { features });
    await using pictures = await open({ features });
    await using linker = await createLinker({
      kb: [entity("Q1"), entity("Q2", "drawn.png")],
      model,
      images: pictures,
    });
    expect(matches(await linker.link(captions[0]!))).toEqual(matches(first.links[0]!));
    expect(pictures.used()).toBe(true);
  });
});

describe("the model of a linker with pictures", () => {
  it("gets no pictures if it has no image encoder", async () => {
    const blind = await untrained(join(await scratch(), "blind"), undefined);
    await using pictures = await open();
    await using linker = await createLinker({
      kb: [entity("Q1"), entity("Q2")],
      model: blind,
      images: pictures,
    });
    const scores = await Promise.all(
      [caption("a"), caption("b", "red.png"), caption("c", "text.jpg")].map((one) => linker.link(one)),
    );
    expect(new Set(scores.map((one) => JSON.stringify(matches(one)))).size).toBe(1);
    expect(pictures.used()).toBe(false);
  });

  it("rejects vectors of another encoder", async () => {
    const other = (await tinyEncoder("dinov2")).folder;
    await expect(linked([], { encoder: other })).rejects.toMatchObject({
      code: "CONFIG",
      message: expect.stringMatching(
        /not trained with the image encoder dinov2@\w{16}, .* expected clip@\w{16}/,
      ),
    });
  });

  it("needs `--image-encoder` if its encoder is not bundled", async () => {
    const remote = { id: `somebody/clip@${"0".repeat(40)}`, hash: "0" };
    const folder = await untrained(join(await scratch(), "remote"), remote);
    const opening = createLinker({ kb: [entity("Q1")], model: folder, images });
    await expect(opening).rejects.toMatchObject({
      code: "CONFIG",
      message: expect.stringMatching(/--image-encoder/),
    });
  });

  it("keeps its own pictures if it was passed open, but the folder must exist", async () => {
    await using linker = await createLinker({ kb: [entity("Q1")], model: toyModel(), images });
    expect((await linker.link(caption("1", "text.jpg"))).mentions).toHaveLength(1);
    const opening = createLinker({ kb: [entity("Q1")], model: toyModel(), images: join(images, "none") });
    await expect(opening).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });
});
