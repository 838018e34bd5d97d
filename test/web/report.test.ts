import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { entityOf, type MentionLink } from "../../src/core/index.js";
import { type LinkedCaption, linksPage } from "../../src/formats/html/index.js";
import { scratch } from "../cli/harness.js";
import { axe, inBrowser } from "./browser.js";

const path = scratch();
const HOSTILE = `"><script>window.hit=1</script><img src=x onerror="window.hit=2"><!-- </script>`;
const CAPTIONS = 1_000;

const [anna, boris] = [
  entityOf({ id: "A", label: "Anna Ås", url: "https://example.org/a" }),
  entityOf({ id: "B", label: `Boris ${HOSTILE}`, description: HOSTILE, url: "javascript:window.hit=3" }),
];

/** Caption i links to Anna with probability i / 1000; every tenth is NIL, and every hundredth is annotated wrongly. */
function linked(i: number): LinkedCaption {
  const id = i === 77 ? `id 77/ä ${HOSTILE}` : `c${i}`;
  const probability = i / CAPTIONS;
  const gold = i % 100 === 0 ? ({ kind: "entity", id: "B" } as const) : undefined;
  const link: MentionLink = {
    text: "Name",
    ...(i % 10 === 5 ? { outcome: "nil", entity: null } : { outcome: "linked", entity: anna! }),
    probability,
    candidates: [anna!, boris!].map((entity, at) => ({
      ...{ id: entity.id, label: entity.label, entity, match: 0.4, collaborative: 0.2, score: 0.6 },
      probability: at === 0 ? probability : 0,
    })),
  };
  return {
    caption: {
      id,
      text: `Name in Zürich ${i} ${HOSTILE}`,
      mentions: [{ text: "Name", ...(gold && { gold }) }],
    },
    links: { id, mentions: [link], model: "m@1", kb: "k@1" },
  };
}

inBrowser("HTML page of links", (open) => {
  const file = path("links.html");
  const address = pathToFileURL(file).href;
  beforeAll(async () => {
    const parts: string[] = [];
    for await (const part of linksPage(
      "Links",
      Array.from({ length: CAPTIONS }, (_, i) => linked(i)),
    ))
      parts.push(part);
    await writeFile(file, parts.join(""));
  });
  const visit = (anchor = "", options = {}) => open(`${address}${anchor}`, { ready: "#cards", ...options });

  it("searches, filters, sorts and pages", async () => {
    await using visited = await visit();
    const { page, complaints } = visited;
    const found = () => page.locator("#found").textContent();
    const first = () => page.locator(".anchor").first().textContent();
    await expect.poll(found).toBe("1,000 captions");
    await page.getByRole("button", { name: "Next" }).click();
    await expect.poll(first).toBe("c25");
    await page.getByRole("spinbutton").fill("40");
    await page.getByRole("spinbutton").press("Enter");
    await expect.poll(first).toBe("c975");
    expect(await page.getByRole("button", { name: "Next" }).isDisabled()).toBe(true);

    await page.getByLabel("Search").fill("zurich 99");
    await expect.poll(found).toBe("19 of 1,000 captions"); // 99, 199 to 899, 990 to 999
    await page.getByLabel("Show").selectOption("not in the knowledge base (NIL)");
    await expect.poll(found).toBe("1 of 1,000 captions");
    await expect.poll(first).toBe("c995");
    await page.getByLabel("Search").fill("");
    await page.getByLabel("Show").selectOption("not as annotated");
    await page.getByLabel("Sort").selectOption("most probable first");
    await expect.poll(first).toBe("c900");
    await page.getByLabel("Probability").selectOption("at most 50 %");
    await expect.poll(first).toBe("c500");
    expect(await found()).toBe("6 of 1,000 captions");
    expect(complaints).toEqual([]);
  });

  it("opens at the caption that the address names, and goes to another", async () => {
    const name = linked(77).caption.id;
    await using visited = await visit(`#caption-${encodeURIComponent(name)}`);
    const { page } = visited;
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(`caption-${name}`);
    await page.getByLabel("Search").fill("nothing has these words");
    await expect.poll(() => page.locator("section.card").count()).toBe(0);
    await page.evaluate(() => {
      location.hash = "#caption-c612";
    });
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("caption-c612");
    const link = await page.locator("#caption-c612 .anchor a").getAttribute("href");
    expect(link).toBe("#caption-c612");
  });

  it("runs nothing that captions or entities contain, and links only to web addresses", async () => {
    await using visited = await visit();
    const { page, complaints } = visited;
    await page.getByLabel("Search").fill("77");
    await expect.poll(() => page.locator(".anchor").first().textContent()).toBe(linked(77).caption.id);
    for (const card of await page.locator("summary").all()) await card.click();
    expect(await page.locator("#cards .caption").first().textContent()).toBe(linked(77).caption.text);
    expect(await page.locator("#cards :is(script, img, iframe)").count()).toBe(0);
    const links = await page
      .locator(".candidates a")
      .evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    expect(new Set(links)).toEqual(new Set(["https://example.org/a"]));
    await page.evaluate(
      (html) => document.body.insertAdjacentHTML("beforeend", html),
      `<img src="data:," onerror="window.hit=4">`,
    );
    expect(await page.evaluate("window.hit")).toBeUndefined();
    expect(complaints.filter((one) => !one.includes("Content Security Policy"))).toEqual([]);
  });

  it("shows the first captions and the totals without JavaScript", async () => {
    await using visited = await visit("", { javaScriptEnabled: false });
    const { page } = visited;
    expect(await page.locator("section.card").count()).toBe(25);
    expect(await page.getByText("Allow JavaScript").isVisible()).toBe(true);
    expect(await page.locator("#browse").isVisible()).toBe(false);
    const [totals, cards] = await Promise.all(
      ["#totals", "#cards"].map((id) => page.locator(id).boundingBox()),
    );
    expect(totals!.y).toBeLessThan(cards!.y);
  });

  it.each([
    ["desktop, light", { colorScheme: "light" as const }],
    ["phone, dark", { colorScheme: "dark" as const, viewport: { width: 390, height: 844 } }],
  ])("is accessible and not wider than the screen: %s", async (_, options) => {
    await using visited = await visit("", options);
    const { page } = visited;
    await page.locator("summary").first().click();
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });
});
