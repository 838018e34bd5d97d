import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import type { Caption, Entity, MentionLink, RankedCandidate } from "../../src/core/index.js";
import { type LinkedCaption, linksPage, picturePaths } from "../../src/formats/html/index.js";

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='x'>`;
const DATA = "data:image/webp;base64,AAAA";

const entity = (id: string, ...images: string[]): Entity => ({
  id,
  label: `${id} ${HOSTILE}`,
  aliases: [],
  properties: {},
  images,
});

const ranked = (entity: Entity, scores: Partial<RankedCandidate>): RankedCandidate => ({
  id: entity.id,
  label: entity.label,
  entity,
  match: null,
  collaborative: 0,
  score: 0,
  probability: null,
  ...scores,
});

function linked(candidates: RankedCandidate[], image?: string, blind?: Entity): LinkedCaption {
  const mentions = [{ text: "Crane" }];
  const caption: Caption = { id: HOSTILE, text: HOSTILE, mentions, ...(image && { image }) };
  const linkTo = (to: Entity): MentionLink => ({
    text: "Crane",
    outcome: "linked",
    entity: to,
    probability: null,
    candidates,
  });
  const links = (to: Entity) => ({ id: caption.id, mentions: [linkTo(to)], model: "m@1", kb: "k@1" });
  return { caption, links: links(candidates[0]!.entity), ...(blind && { blind: links(blind) }) };
}

const parsed = (...args: Parameters<typeof linksPage>) => parseHTML(linksPage(...args)).document;
const texts = (page: ReturnType<typeof parsed>, selector: string): string[] =>
  [...page.querySelectorAll(selector)].map(({ textContent }) => textContent!.trim());

describe("linksPage", () => {
  const [a, b, c] = [entity("A", "a.png"), entity("B", HOSTILE, "b.png"), entity("C")];
  const all = [
    ranked(a, { match: 0.9, score: 0.9 }),
    ranked(b, { match: 0.4, score: 0.4 }),
    ranked(c, { score: -0.9 }),
  ];

  it("shows the given pictures in order, and a placeholder for a missing one", () => {
    const one = linked(all, "caption.png");
    expect(picturePaths([one])).toEqual(["caption.png", "a.png", HOSTILE]);
    const pictures = new Map([
      ["caption.png", `${DATA}1`],
      ["a.png", `${DATA}2`],
    ]);
    const page = parsed("Links", [one], { pictures });
    expect([...page.querySelectorAll("img")].map((img) => img.getAttribute("src"))).toEqual([
      `${DATA}1`,
      `${DATA}2`,
    ]);
    expect(page.querySelectorAll("ol .picture")).toHaveLength(3);
    expect(parsed("Links", [one]).querySelectorAll(".picture")).toHaveLength(0);
  });

  it("escapes all text", () => {
    const pictures = new Map([[HOSTILE, `${DATA}"onerror="x`]]);
    const page = parsed(HOSTILE, [linked(all, HOSTILE, b)], { pictures, remark: HOSTILE });
    expect(page.querySelectorAll("script")).toHaveLength(0);
    for (const img of page.querySelectorAll("img")) {
      expect(img.getAttribute("onerror")).toBeNull();
      expect(img.getAttribute("src")).toBe(`${DATA}"onerror="x`);
    }
  });

  it("shows two scores only where the other names changed the score", () => {
    const some = [
      ranked(a, { match: 0.5, collaborative: 0.3, score: 0.8, probability: 0.7 }),
      ranked(b, { match: 0.4, score: 0.4, probability: 0.2 }),
      ranked(c, { score: -0.98, probability: 0.03 }),
    ];
    const page = parsed("Links", [linked(some)]);
    expect(texts(page, "li .figure")).toEqual(["0.50 → 0.80 · 70 %", "0.40 · 20 %", "ruled out early · 3 %"]);
    expect(page.querySelectorAll("svg.bar")).toHaveLength(2);
  });

  it("shows 100 % only for a probability of exactly 1", () => {
    const some = [0.994, 0.995, 0.9999, 1].map((probability) =>
      ranked(a, { match: 0.5, score: 0.5, probability }),
    );
    const shown = texts(parsed("Links", [linked(some)]), "li .figure").map((text) => text.split(" · ")[1]);
    expect(shown).toEqual(["99 %", "99.5 %", "99.9 %", "100 %"]);
  });

  it("shows what the other names add to a score or take away from it", () => {
    const page = parsed("Links", [
      linked([ranked(a, { match: 0.2, score: 0.4 }), ranked(b, { match: 0.8, score: 0.2 })]),
    ]);
    const bars = [...page.querySelectorAll("svg.bar")].map((bar) =>
      [...bar.querySelectorAll("rect:not(.rail)")].map(
        (part) => `${part.getAttribute("class")} ${Number(part.getAttribute("width"))}`,
      ),
    );
    expect(bars).toEqual([
      ["after 50", "before 25"],
      ["lost 100", "before 25"],
    ]);
  });

  it("says what the other names changed, and why", () => {
    const { caption, links } = linked(all);
    const because = `A fits B ${HOSTILE}`;
    const mentions = links.mentions.map((link) => ({ ...link, independent: b, because }));
    const page = parsed("Links", [{ caption, links: { ...links, mentions } }]);
    expect(texts(page, ".badge")).toEqual([`on its own: B ${HOSTILE}`]);
    expect(texts(page, ".why")).toEqual([because]);
    expect(page.querySelectorAll("script, img")).toHaveLength(0);
    expect(parsed("Links", [linked(all)]).querySelector(".why")).toBeNull();
  });

  it("shows the link without the picture if it differs", () => {
    const badges = (blind: Entity) => texts(parsed("Links", [linked(all, "x.png", blind)]), ".badge");
    expect(badges(b)).toEqual([`without the picture: B ${HOSTILE}`]);
    expect(badges(a)).toEqual([]);
  });
});
