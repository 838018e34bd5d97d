import { describe, expect, it } from "vitest";
import { readPictureText } from "../../../src/datasets/pictures/metadata.js";
import { distinctNames } from "../../../src/datasets/pictures/people.js";
import { jpeg, microsoftRegions, RDF_FORMS, regions, shown, xmp } from "./make.js";

const personsIn = async (body: string): Promise<readonly string[]> =>
  (await readPictureText(Buffer.from(xmp(body)))).persons;

describe("the people in XMP", () => {
  it.each(RDF_FORMS)("are found in face regions in the RDF form %s", async (form) => {
    const faces = regions(
      [
        ["Face", "Mara Lindqvist"],
        ["Pet", "Rex"],
        ["Face", ""],
        ["BarCode", "4006381333931"],
        ["Face", "Tomás Oliveira"],
      ],
      form,
    );
    expect(await personsIn(faces)).toEqual(["Mara Lindqvist", "Tomás Oliveira"]);
    expect(await personsIn(regions([["Face", "Mara Lindqvist"]], form))).toEqual(["Mara Lindqvist"]);
    expect(await personsIn(microsoftRegions(["Mara Lindqvist", "", "Tomás Oliveira"], form))).toEqual([
      "Mara Lindqvist",
      "Tomás Oliveira",
    ]);
  });

  it("are found with any namespace prefixes", async () => {
    const renamed = xmp(regions([["Face", "Mara Lindqvist"]])).replaceAll("mwg-rs:", "r:");
    expect((await readPictureText(Buffer.from(renamed.replace("xmlns:mwg-rs", "xmlns:r")))).persons).toEqual([
      "Mara Lindqvist",
    ]);
  });

  it("are found in image regions of IPTC", async () => {
    const region = `<Iptc4xmpExt:ImageRegion><rdf:Bag><rdf:li rdf:parseType="Resource">${shown("Ewa Nowicka")}</rdf:li></rdf:Bag></Iptc4xmpExt:ImageRegion>`;
    expect(await personsIn(region)).toEqual(["Ewa Nowicka"]);
  });

  it("are merged from all fields of a picture", async () => {
    const body =
      shown("Mara Lindqvist", "Ewa Nowicka") +
      regions([
        ["Face", "Tomás  Oliveira"],
        ["Face", "mara lindqvist"],
      ]) +
      microsoftRegions(["Toma\u0301s Oliveira", "Ji-ho Park"]);
    const all = ["Mara Lindqvist", "Ewa Nowicka", "Tomás Oliveira", "Ji-ho Park"];
    expect(await personsIn(body)).toEqual(all);
    expect((await readPictureText(await jpeg(body))).persons).toEqual(all);
  });

  it("are none if regions have other shapes than the standards say", async () => {
    for (const body of [
      "<mwg-rs:Regions>Mara Lindqvist</mwg-rs:Regions>",
      "<mwg-rs:Regions/>",
      '<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList>Face</mwg-rs:RegionList></mwg-rs:Regions>',
      "<MP:RegionInfo><rdf:Bag><rdf:li>Mara Lindqvist</rdf:li></rdf:Bag></MP:RegionInfo>",
      "<Iptc4xmpExt:PersonInImageWDetails>Mara Lindqvist</Iptc4xmpExt:PersonInImageWDetails>",
    ])
      expect(await personsIn(body), body).toEqual([]);
  });
});

describe("distinctNames", () => {
  it("keeps the first spelling of each name, without extra white space", () => {
    expect(distinctNames([" Ewa \n Nowicka ", "EWA NOWICKA", "", " ", "Ewa"])).toEqual([
      "Ewa Nowicka",
      "Ewa",
    ]);
  });
});
