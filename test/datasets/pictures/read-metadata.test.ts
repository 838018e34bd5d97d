import { describe, expect, it } from "vitest";
import { readMetadata } from "../../../src/datasets/pictures/read-metadata.js";
import { described, headline, jpeg, webp, xmp } from "./make.js";

describe("readMetadata", () => {
  it("rejects XMP with a DOCTYPE and expands no entities", async () => {
    const packet = xmp(headline("&a;")).replace(
      "<x:xmpmeta",
      '<!DOCTYPE x [<!ENTITY a "expanded">]><x:xmpmeta',
    );
    await expect(readMetadata(Buffer.from(packet))).rejects.toMatchObject({ code: "IMAGE_UNREADABLE" });
    const { xmp: fields } = await readMetadata(Buffer.from(xmp(headline("&a;"))));
    expect(fields?.Headline).toBeUndefined();
  });

  it("rejects XMP that is too large, with and without x:xmpmeta", async () => {
    const padding = " ".repeat(5 << 20);
    const bare = xmp(headline("text") + padding).replace(/<\/?x:xmpmeta[^>]*>/g, "");
    for (const bytes of [await webp(headline("text") + padding), Buffer.from(bare)])
      await expect(readMetadata(bytes)).rejects.toMatchObject({ code: "IMAGE_TOO_LARGE" });
  });

  it("reads XMP with comments, processing instructions and CDATA sections", async () => {
    const spellings = [
      "<photoshop:Headline>Ewa &amp; Mara</photoshop:Headline>",
      "<!-- of the day --><photoshop:Headline><!-- two -->Ewa <!-- and -->&amp; Mara</photoshop:Headline>",
      "<?edited?><photoshop:Headline>Ewa &amp; <?by?>Mara</photoshop:Headline>",
      "<photoshop:Headline>Ewa <![CDATA[& Mara]]></photoshop:Headline>",
      "<photoshop:Headline><![CDATA[Ewa & Mara]]></photoshop:Headline>",
    ];
    for (const body of spellings) {
      const { xmp: fields } = await readMetadata(Buffer.from(xmp(body)));
      expect(fields?.Headline?.value, body).toBe("Ewa & Mara");
    }
  });

  it("stops reading XMP that takes too long", async () => {
    const nested = `${'<a xmlns:b="c">'.repeat(20_000)}${"</a>".repeat(20_000)}`;
    const start = performance.now();
    await expect(readMetadata(await webp(nested), { maxMilliseconds: 300 })).rejects.toMatchObject({
      code: "IMAGE_UNREADABLE",
    });
    expect(performance.now() - start).toBeLessThan(5_000);
    const { xmp: fields } = await readMetadata(await jpeg(described(["x-default", "next"])));
    expect(fields?.description).toBeDefined();
  });
});
