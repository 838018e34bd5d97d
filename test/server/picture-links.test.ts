import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { WireLinks } from "../../src/formats/index.js";
import { importKb } from "../../src/linker/index.js";
import { plain } from "../encoders/image/pictures.js";
import { untrained } from "../linker/untrained.js";
import { folderOf, scratch, tinyEncoder } from "../pictures/folder.js";
import { serving } from "./harness.js";

const folder = await scratch();
const images = await folderOf({
  "red.png": await plain(20, 20, "red").png().toBuffer(),
  "blue.png": await plain(30, 20, "blue").png().toBuffer(),
});
const encoder = await tinyEncoder();
const entity = (id: string, picture: string) => ({
  id,
  label: "Crane",
  aliases: [],
  properties: { group: [id] },
  images: [picture],
});
await importKb(join(folder, "kb"), [entity("a", "red.png"), entity("b", "blue.png")]);
const { get, post } = serving({
  kb: join(folder, "kb"),
  model: await untrained(join(folder, "model"), encoder),
  imageEncoder: encoder.folder,
  features: join(folder, "features"),
  images,
});
const caption = { id: "1", text: "Crane", mentions: [{ text: "Crane" }] };

it("a picture sent with a caption gives the same links as the same picture in the folder", async () => {
  const links = async (answer: Promise<Response>): Promise<Partial<WireLinks>> => {
    const { image: _, captionHash: __, ...rest } = (await (await answer).json()) as Partial<WireLinks>;
    return rest;
  };
  const without = await links(post("/v1/link", caption));
  const named = await links(post("/v1/link", { ...caption, image: "red.png" }));
  expect(named).not.toEqual(without);
  const bytes = await readFile(join(images, "red.png"));
  expect(await links(post("/v1/link", { ...caption, imageData: bytes.toString("base64") }))).toEqual(named);
  const form = new FormData();
  form.set("caption", JSON.stringify(caption));
  form.set("image", new Blob([bytes]), "blue.png");
  expect(await links(get("/v1/link", { method: "POST", body: form }))).toEqual(named);
  expect(
    await links(post("/v1/link", { ...caption, image: "../red.png" })).then(({ id }) => id),
  ).toBeUndefined();
  expect(await links(post("/v1/link", { ...caption, image: "gone.png" }))).toEqual(without);
});
