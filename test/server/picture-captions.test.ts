import { describe, expect, it } from "vitest";
import type { PictureCaptionAnswer, WireCaption } from "../../src/formats/index.js";
import { described, jpeg, jpegWithIptc, regions, shown, xmp } from "../datasets/pictures/make.js";
import { serving } from "./harness.js";

const { get } = serving();

async function sent(picture: Buffer, fields: Readonly<Record<string, string>>): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set("file", new Blob([new Uint8Array(picture)]), "picture.jpg");
  return await get("/v1/pictures/caption", { method: "POST", body });
}

async function read(picture: Buffer, fields: Readonly<Record<string, string>> = {}) {
  const answer = await sent(picture, { path: "box/a.jpg", ...fields });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as PictureCaptionAnswer;
}

const caption = (text: string, ...names: string[]): WireCaption => ({
  id: "box/a.jpg",
  text,
  image: "box/a.jpg",
  mentions: names.map((name) => ({
    ...{ text: name, start: text.indexOf(name), end: text.indexOf(name) + name.length },
    type: "person",
  })),
});

describe("POST /v1/pictures/caption", () => {
  it("reads captions and people from XMP, IPTC and face regions", async () => {
    expect(await read(await jpeg(described(["x-default", "Ada and Bob"]) + shown("Bob")))).toEqual({
      caption: caption("Ada and Bob", "Bob"),
      problems: [],
    });
    expect((await read(await jpegWithIptc({ 120: "Ada at work" }))).caption).toEqual(caption("Ada at work"));
    expect((await read(await jpeg(regions([["Face", "Cy"]])))).caption).toEqual(caption("Cy", "Cy"));
  });

  it("prefers sidecars, the first before the other", async () => {
    const picture = await jpeg(described(["x-default", "in the picture"]));
    const otherSidecar = xmp(described(["x-default", "in the other sidecar"]) + shown("Dee"));
    const sidecar = xmp(described(["x-default", "Ada in the sidecar"]) + shown("Ada"));
    expect((await read(picture, { otherSidecar })).caption).toMatchObject({ text: "in the other sidecar" });
    expect((await read(picture, { sidecar, otherSidecar })).caption).toMatchObject({
      text: "Ada in the sidecar",
      mentions: [{ text: "Ada" }, { text: "Dee" }],
    });
  });

  it("says why there is no caption, and which sidecar is damaged", async () => {
    const { caption: none, problems } = await read(await jpeg(""), { sidecar: "<broken" });
    expect(none).toBeUndefined();
    expect(problems).toEqual([
      "the sidecar is not XMP",
      "the picture has no description, no headline and no names of people",
    ]);
    expect((await read(Buffer.from("text"))).problems).toEqual([
      expect.stringMatching(/^the file is not a picture, or it is damaged/),
    ]);
  });

  it("needs a path", async () => {
    const answer = await sent(await jpeg(""), {});
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "FORMAT" });
  });
});
