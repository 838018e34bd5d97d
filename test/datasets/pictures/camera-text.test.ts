import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCameraText } from "../../../src/datasets/pictures/camera-text.js";

const CAMERA_TEXTS = [
  "OLYMPUS DIGITAL CAMERA",
  "OLYMPUS DIGITAL CAMERA         ",
  "MINOLTA DIGITAL CAMERA",
  "KONICA MINOLTA DIGITAL CAMERA",
  "SAMSUNG DIGITAL CAMERA",
  "Kodak Digital Still Camera",
  "DIGITAL CAMERA",
  "SONY DSC",
  "SAMSUNG CAMERA PICTURES",
  "Exif_JPEG_PICTURE",
  "DCIM",
  "100CANON",
  "DCIM\\100MEDIA\\DJI_0001.JPG",
  "/DCIM/101MSDCF/DSC00042.JPG",
  "DSC_0123",
  "DSC_0123.JPG",
  "dsc_0123.jpg",
  "_DSC4711.NEF",
  "_MG_4711",
  "DSCN0001",
  "P1010001",
  "100_1234",
  "IMG_4711.heic",
  "IMG_20190714_112233",
  "IMG-20190714-WA0003",
  "PXL_20230101_123456789",
];

const PERSON_TEXTS = [
  "Mara Lindqvist",
  "Canon",
  "Leica",
  "The Olympus digital camera of Mara Lindqvist",
  "Mara Lindqvist with a digital camera",
  "A digital camera",
  "DSC meeting in Oslo",
  "Oslo 2019",
  "MAY 1945",
  "Sam 1965",
  "1945",
  "19450508",
  "AC/DC",
  "Mara Lindqvist / Tomás Oliveira",
  "R2-D2",
  "",
];

describe("isCameraText", () => {
  it.each(CAMERA_TEXTS)("is true for %j", (text) => {
    expect(isCameraText(text)).toBe(true);
  });

  it.each(PERSON_TEXTS)("is false for %j", (text) => {
    expect(isCameraText(text)).toBe(false);
  });

  it("is true for the make and the model of the picture's camera", () => {
    const camera = { make: "ACME CORPORATION", model: "Lumen  S40 " };
    for (const text of ["Acme Corporation", "Lumen S40", "ACME CORPORATION LUMEN S40"]) {
      expect(isCameraText(text, camera)).toBe(true);
      expect(isCameraText(text)).toBe(false);
    }
    expect(isCameraText("Mara Lindqvist with a Lumen S40", camera)).toBe(false);
  });

  it("is false for a text that continues after the name of a camera or a file", () => {
    const word = fc.stringMatching(/^[a-z]{4,10}$/);
    fc.assert(
      fc.property(fc.constantFrom(...CAMERA_TEXTS), word, (text, added) => {
        expect(isCameraText(`${text.trim()} with ${added}`)).toBe(false);
      }),
    );
  });

  it("takes linear time for long texts", () => {
    for (const text of [`IMG_${"123-".repeat(250_000)}`, "/".repeat(1_000_000), "_".repeat(1_000_000)]) {
      const start = performance.now();
      expect(isCameraText(text)).toBe(false);
      expect(performance.now() - start).toBeLessThan(1_000);
    }
  });
});
