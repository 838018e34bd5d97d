import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pictureCaptions, writeSidecar } from "../../../src/datasets/pictures/index.js";
import { decodeImage } from "../../../src/encoders/image/index.js";
import {
  described,
  headline,
  jpeg,
  jpegWithExif,
  microsoftRegions,
  regions,
  shown,
  webp,
  xmp,
} from "../../datasets/pictures/make.js";
import { drawn, hugePng, laughs, picture, svg } from "../../encoders/image/pictures.js";
import { drain, type Files, type Generator, type Reader, text } from "../reader.js";

const image = drawn(picture(40, 30));
const body = [
  described(["en", "Ada and Bob"], ["de", "Ada und Bob"]),
  shown("Ada", "Bob"),
  headline("Two people"),
  regions([["Face", "Ada"]]),
  microsoftRegions(["Bob"]),
].join("");

/** Replaces the only file. */
const instead =
  (...all: readonly Uint8Array[]): Generator =>
  (files, random) => {
    const [name = ""] = Object.keys(files);
    return { [name]: all[random.below(all.length)]! };
  };

function decoding(
  name: string,
  sample: () => Promise<Uint8Array>,
  special: readonly Generator[] = [],
): Reader {
  return {
    name: `picture (${name})`,
    sample: async () => ({ picture: await sample() }),
    special,
    read: async (input) => decodeImage(await readFile(join(input, "picture"))),
    seconds: 10,
    megabytes: 700,
  };
}

const nestedXml = (depth: number): string => "<a>".repeat(depth) + "</a>".repeat(depth);

async function metadata(): Promise<Files> {
  return {
    "a.jpg": await jpeg(body),
    "b.webp": await webp(body),
    "c.jpg": await jpegWithExif("Ada at the machine"),
    "c.jpg.xmp": text(xmp(body)),
  };
}

/** Pictures, their metadata and their sidecars. */
export const PICTURE_READERS: readonly Reader[] = [
  decoding("PNG", () => image.clone().png().toBuffer(), [
    instead(
      hugePng(50_000, 50_000),
      hugePng(1, 200_000),
      hugePng(0, 7),
      hugePng(0xffff_ffff, 1),
      hugePng(30_000, 9),
    ),
  ]),
  decoding("JPEG", () => image.clone().jpeg().toBuffer()),
  decoding("progressive JPEG", () => image.clone().jpeg({ progressive: true }).toBuffer()),
  decoding("WebP", () => image.clone().webp().toBuffer()),
  decoding("AVIF", () => image.clone().avif({ effort: 0 }).toBuffer()),
  decoding("GIF", () => image.clone().gif().toBuffer()),
  decoding("TIFF", () => image.clone().tiff({ compression: "lzw" }).toBuffer()),
  decoding(
    "SVG",
    async () =>
      svg('<rect width="5" height="5" fill="red"/><path d="M0 0L9 9"/><text x="1" y="8">Ada</text>'),
    [
      instead(
        svg("<text>&j;</text>", laughs),
        svg(nestedXml(5000)),
        svg('<image xlink:href="file:///etc/passwd"/>'),
        svg('<use xlink:href="#a"/><g id="a"><use xlink:href="#a"/></g>'),
        svg("<script>1</script>"),
        text('<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"/>'),
        text('<svg xmlns="http://www.w3.org/2000/svg" width="-1" height="NaN"/>'),
        text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>'),
      ),
    ],
  ),
  {
    name: "metadata of pictures (XMP, IPTC, EXIF)",
    sample: metadata,
    read: (input) => drain(pictureCaptions(input, { language: "en" })),
  },
  {
    name: "sidecar of a picture",
    sample: () => ({ "a.jpg.xmp": text(xmp(body)) }),
    special: [
      (_, random) => ({
        "a.jpg.xmp": text(
          xmp([nestedXml(3000), "&j;", "<!--", "<rdf:Description/>".repeat(500)][random.below(4)]!),
        ),
      }),
    ],
    async read(input, output) {
      await cp(input, output, { recursive: true });
      await writeSidecar(join(output, "a.jpg"), [{ id: "Q1", name: "Ada & <Bob>" }]);
    },
  },
];
