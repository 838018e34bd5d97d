import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import type { Caption, Entity, MentionLink, RankedCandidate } from "../../src/core/index.js";
import { type LinkedCaption, type LinksPageOptions, linksPage } from "../../src/formats/html/index.js";
import type { PageData } from "../../src/formats/html/page-data.js";
import { all } from "./files.js";

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='x'><!--`;
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
    probability: candidates[0]!.probability,
    candidates,
  });
  const links = (to: Entity) => ({ id: caption.id, mentions: [linkTo(to)], model: "m@1", kb: "k@1" });
  return { caption, links: links(candidates[0]!.entity), ...(blind && { blind: links(blind) }) };
}

const changed = (one: LinkedCaption, change: Partial<MentionLink>): LinkedCaption => {
  const mentions = one.links.mentions.map((link) => ({ ...link, ...change }) as MentionLink);
  return { ...one, links: { ...one.links, mentions } };
};

const written = async (captions: readonly LinkedCaption[], options?: LinksPageOptions): Promise<string> =>
  (await all(linksPage(HOSTILE, captions, options))).join("");
const parsed = async (...args: Parameters<typeof written>) => parseHTML(await written(...args)).document;
const texts = (page: Awaited<ReturnType<typeof parsed>>, selector: string): string[] =>
  [...page.querySelectorAll(selector)].map(({ textContent }) => textContent!.trim());

describe("linksPage", () => {
  const [a, b, c] = [entity("A", "a.png"), entity("B", HOSTILE, "b.png"), entity("C")];
  const candidates = [
    ranked(a, { match: 0.9, score: 0.9, probability: 0.7 }),
    ranked(b, { match: 0.4, score: 0.4, probability: 0.2 }),
    ranked(c, { score: -0.9, probability: 0.04 }),
  ];

  it("shows the given pictures in order, and a placeholder for a missing one", async () => {
    const one = linked(candidates, "caption.png");
    const asked: string[] = [];
    const pictures = new Map([
      ["caption.png", `${DATA}1`],
      ["a.png", `${DATA}2`],
    ]);
    const embed = async (paths: readonly string[]) => {
      asked.push(...paths);
      return pictures;
    };
    const page = await parsed([one], { embed });
    expect(asked).toEqual(["caption.png", "a.png", HOSTILE]);
    expect([...page.querySelectorAll("img")].map((img) => img.getAttribute("src"))).toEqual([
      `${DATA}1`,
      `${DATA}2`,
    ]);
    expect(page.querySelectorAll("img[loading=lazy]")).toHaveLength(2);
    expect(page.querySelectorAll("ol .picture")).toHaveLength(4); // with NIL
    expect((await parsed([one])).querySelectorAll(".picture")).toHaveLength(0);
  });

  it("escapes all text, in the markup and in the data", async () => {
    const embed = async () => new Map([[HOSTILE, `${DATA}"onerror="x`]]);
    const one = changed(linked(candidates, HOSTILE, b), { because: HOSTILE, independent: b });
    const page = await parsed([one], { embed, remark: HOSTILE });
    const scripts = [...page.querySelectorAll("script")];
    expect(scripts.map((script) => script.getAttribute("type") ?? "own")).toEqual([
      ...["application/json", "application/json", "own"],
    ]);
    expect((JSON.parse(scripts[0]!.textContent!) as PageData).captions[0]!.text).toBe(HOSTILE);
    for (const element of page.querySelectorAll("*"))
      for (const name of element.getAttributeNames()) expect(name).not.toMatch(/^on/);
    for (const img of page.querySelectorAll("img"))
      expect(img.getAttribute("src")).toBe(`${DATA}"onerror="x`);
  });

  it("links entities to http and https addresses only", async () => {
    const urls = [
      "https://example.org/a?b=1&c",
      "javascript:alert(1)",
      "data:text/html,x",
      "//x",
      "HTTP://x/y",
    ];
    const page = await parsed([
      linked(urls.map((url, i) => ranked({ ...entity(`${i}`), url }, { match: 0.5, score: 0.5 }))),
    ]);
    const links = [...page.querySelectorAll(".candidates a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual([urls[0], urls[4]]);
    for (const link of links) expect(link.getAttribute("rel")).toBe("noopener noreferrer");
  });

  it("shows one probability and one bar a row, NIL among them, most probable first", async () => {
    const page = await parsed([changed(linked(candidates), { nilProbability: 0.05 })]);
    expect(texts(page, "li .row").map((text) => text.replace(/ .*\n/, " "))).toEqual([
      ...["A 70 %", "B 20 %", "not 5 %", "C 4 %"],
    ]);
    expect(
      [...page.querySelectorAll(".bar .part")].map((part) => Number(part.getAttribute("width"))),
    ).toEqual([...[70, 20, 5, 4]]);
    expect(texts(page, "li .first")).toEqual([a.label]);
  });

  it("shows neither probabilities nor bars for a model without calibration", async () => {
    const page = await parsed([linked(candidates.map((one) => ({ ...one, probability: null })))]);
    expect(texts(page, "li .figure")).toEqual(["", "", "", ""]);
    expect(page.querySelector(".bar")).toBeNull();
  });

  it("shows the scores under “why”, and what the other names changed only if they changed something", async () => {
    const cells = async (list: RankedCandidate[]) =>
      texts(await parsed([linked(list)]), ".why td:not(:first-child)");
    expect(await cells(candidates)).toEqual(["0.90", "0.40", "ruled out early"]);
    const moved = [
      ranked(b, { match: 0.2, score: 0.8, independentRank: 2 }),
      ranked(a, { match: 0.9, score: 0.3, independentRank: 1 }),
      ranked(c, { match: 0.1, score: 0.1, independentRank: 3 }),
    ];
    expect(await cells(moved)).toEqual([
      ...["0.20", "+0.60", "0.80", "2"],
      ...["0.90", "−0.60", "0.30", "1"],
      ...["0.10", "0", "0.10", ""],
    ]);
  });

  it("shows 100 % only for a probability of exactly 1", async () => {
    const shown = async (probability: number) =>
      texts(await parsed([linked([ranked(a, { match: 0.5, score: 0.5, probability })])]), "li .figure")[0];
    const probabilities = [0.994, 0.995, 0.9999, 0.99999999, 1];
    expect(await Promise.all(probabilities.map(shown))).toEqual([
      "99 %",
      "99.5 %",
      "99.9 %",
      "99.9 %",
      "100 %",
    ]);
  });

  it("says what the other names and the picture changed, and why", async () => {
    const because = `A fits B ${HOSTILE}`;
    const page = await parsed([changed(linked(candidates, "x.png", b), { independent: b, because })]);
    expect(texts(page, ".badge")).toEqual([`on its own: ${b.label}`, `without the picture: ${b.label}`]);
    expect(texts(page, ".because")).toEqual([because]);
    const unchanged = await parsed([linked(candidates, "x.png", a)]);
    expect(texts(unchanged, ".badge, .because")).toEqual([]);
  });

  it("contains every caption once as data, and each entity once", async () => {
    const ids = Array.from({ length: 600 }, (_, i) => `c${i}`);
    const page = await parsed(
      ids.map((id) => {
        const one = linked(candidates);
        return { caption: { ...one.caption, id }, links: { ...one.links, id } };
      }),
    );
    const data = [...page.querySelectorAll("script.captions")].map(
      ({ textContent }) => JSON.parse(textContent!) as PageData,
    );
    expect(data.flatMap(({ captions }) => captions.map(({ id }) => id))).toEqual(ids);
    expect(data.flatMap(({ entities }) => entities.map(({ id }) => id))).toEqual(["A", "B", "C"]);
    expect([...page.querySelectorAll("section.card")].map(({ id }) => id)).toEqual(
      ids.slice(0, 25).map((id) => `caption-${id}`),
    );
    expect(texts(page, ".tile b")).toEqual(["600", "600", "600", "0", "0"]);
  });

  it("says that there are no captions", async () => {
    expect(texts(await parsed([]), "#totals .lead")).toEqual(["There are no captions."]);
  });
});
