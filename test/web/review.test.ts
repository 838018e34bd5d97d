import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { Download, Page } from "playwright-core";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { WireLinks } from "../../src/formats/index.js";
import { mmel, scratch, writeRecords } from "../cli/harness.js";
import {
  allLinked,
  axe,
  drop,
  exported,
  inBrowser,
  marks,
  openRecords,
  paste,
  servedDemo,
  spanned,
} from "./browser.js";

const path = scratch();
const kb = path("kb");

inBrowser("review page", (open) => {
  const address = servedDemo(kb);

  it("links a pasted caption, corrects it, and exports it for mmel evaluate", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await paste(page, "Basketball: Jordan and Pippen walk back on defence with Zoë 👩‍👩‍👧 Smith.");
    await page.getByRole("button", { name: "Find and link names" }).click();
    await page.getByRole("heading", { name: "Jordan" }).waitFor();
    await page.getByText("Suggested: Michael Jordan").waitFor();

    await page
      .getByRole("button", { name: /^3? ?.*Michael B\. Jordan/ })
      .first()
      .click();
    expect(await marks(page)).toContain("Pippen");
    await page.getByRole("heading", { name: "Pippen" }).waitFor();
    await page.getByRole("button", { name: /^Accept/ }).click();

    const [caption] = await exported(page);
    expect(caption).toMatchObject({
      id: "caption-1",
      text: "Basketball: Jordan and Pippen walk back on defence with Zoë 👩‍👩‍👧 Smith.",
    });
    expect(caption!.mentions!.slice(0, 2)).toMatchObject([
      {
        text: "Jordan",
        gold: "michael-b-jordan",
        review: { by: "R. Test", proposed: { id: "michael-jordan" }, probability: expect.any(Number) },
      },
      { text: "Pippen", start: 23, end: 29, gold: "scottie-pippen", review: { model: expect.any(String) } },
    ]);
    const file = await writeRecords(path("reviewed.jsonl"), [caption]);
    const { code, stdout } = await mmel(["evaluate", file, "--kb", kb, "--model", "lexical", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ captions: 1 });
    expect(visit.complaints).toEqual([]);
  });

  it("sets the type of a name, links the caption again, and exports the type", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await openRecords(page, "c.jsonl", [spanned("1", "Jordan with Pippen.", "Jordan", "Pippen")]);
    await page.getByText("Suggested:").waitFor();
    await page.getByRole("button", { name: "Type", exact: true }).click();
    const request = page.waitForRequest((sent) => sent.url().endsWith("/v1/link"));
    await page.getByLabel("Type of the name").fill("person");
    await page.keyboard.press("Enter");
    expect((await request).postDataJSON().mentions[0]).toMatchObject({ text: "Jordan", type: "person" });
    await page.getByRole("button", { name: "Type: person" }).waitFor();
    const [caption] = await exported(page);
    expect(caption!.mentions).toEqual([
      { text: "Jordan", start: 0, end: 6, type: "person" },
      { text: "Pippen", start: 12, end: 18 },
    ]);
    expect(visit.complaints).toEqual([]);
  });

  it("says why the other names changed a suggestion, until the name is decided", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const because = "Elm has “member of: <b>Oak</b>”, named in the caption";
    await page.route("**/v1/link", async (route) => {
      const response = await route.fetch();
      const links: WireLinks = await response.json();
      const mentions = links.mentions.map((link, at) => (at === 0 ? { ...link, because } : link));
      await route.fulfill({ response, json: { ...links, mentions } });
    });
    await openRecords(page, "c.jsonl", [spanned("1", "Jordan with Pippen.", "Jordan", "Pippen")]);
    await page.locator(".why").waitFor();
    expect(await page.locator(".why").allInnerTexts()).toEqual([because]);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("0");
    await page.getByRole("heading", { name: "Pippen" }).waitFor();
    expect(await page.locator(".why").count()).toBe(0);
    expect(visit.complaints).toEqual([]);
  });

  it("shows the relations of candidates, and which entities the caption also names", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const namer = (id: string, label: string, share = 1) => ({
      properties: ["memberOf", "<b>x"],
      entity: { id, label, description: `<i>${label}</i>`, share },
    });
    const answers: Record<string, { failed?: boolean; relations?: object }> = {
      "queen-band": {
        relations: {
          values: [],
          namedBy: [
            namer("a", "<b>A</b>", 0.5),
            ..."bcdefgh".split("").map((id) => namer(id, id)),
            namer("theresa-may", "Theresa May"),
            namer("brian-may", "Brian May", 0.9),
          ],
          namedByCount: 1234,
        },
      },
      "queen-victoria": { failed: true },
    };
    await page.route("**/v1/entities/*?relations=true", async (route) => {
      const id = new URL(route.request().url()).pathname.split("/").at(-1)!;
      const { failed, relations } = answers[id] ?? {};
      if (failed) return route.fulfill({ status: 500 });
      const response = await route.fetch();
      await route.fulfill({
        response,
        json: { ...(await response.json()), ...(relations && { relations }) },
      });
    });
    await openRecords(page, "c.jsonl", [spanned("1", "May of Queen.", "May", "Queen")]);
    await page.getByText("Suggested: Brian May").waitFor();
    const rows = page.locator(".candidate");
    const factOf = (row: string, name: string) =>
      rows
        .filter({ hasText: row })
        .locator(".facts > div")
        .filter({ hasText: new RegExp(`^${name}`) })
        .locator("dd");
    await page.getByRole("button", { name: "Details" }).click();
    const queen = page.getByRole("button", { name: "Queen", exact: true }).and(page.locator(".reference"));
    expect(await queen.getAttribute("title")).toMatch(/^Queen \(band\): Rock band/);
    expect(await factOf("Brian May", "member of").innerText()).toBe("Queen also in this caption");
    await queen.focus();
    await page.keyboard.press("Enter"); // opens the reference, and does not accept the suggestion
    expect(await queen.getAttribute("aria-expanded")).toBe("true");
    await page.locator(".related").getByText("Queen (band): Rock band").waitFor();
    expect(await axe(page)).toEqual([]);

    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "Queen" }).waitFor();
    const namedBy = factOf("Queen (band)", "named by").locator("li");
    await namedBy.first().waitFor();
    expect(await namedBy.allInnerTexts()).toEqual([
      "probably Brian May (member of, <b>x) also in this caption",
      "Theresa May (member of, <b>x) candidate for “May”",
      "maybe <b>A</b> (member of, <b>x)",
      ..."bcdef".split("").map((id) => `${id} (member of, <b>x)`),
      "and 1,226 more",
    ]);
    await factOf("Queen Victoria", "relations").getByText("could not be loaded").waitFor();
    expect(await axe(page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
  });

  it("marks selected text with whole emoji, removes marks, and undoes both", async () => {
    await using visit = await open(address());
    const { page } = visit;
    // a caption with a name skips detection
    await openRecords(page, "c.jsonl", [spanned("1", "👩‍👩‍👧 Kerry meets Marzouki 👍🏽 today", "today")]);
    const select = (start: number, end: number): Promise<void> =>
      page.evaluate(
        ([from, to]) => {
          const text = document.querySelector("#caption-text")!;
          const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          const at = (offset: number): [Node, number] => {
            walker.currentNode = text;
            let left = offset;
            for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
              if (left <= node.textContent!.length) return [node, left];
              left -= node.textContent!.length;
            }
            throw new Error("offset outside the text");
          };
          getSelection()!.setBaseAndExtent(...at(from!), ...at(to!));
        },
        [start, end],
      );
    await page.locator("#caption-text").waitFor();
    await select(9, 14);
    await page.getByRole("button", { name: "Mark “Kerry”" }).click();
    await page.getByRole("heading", { name: "Kerry" }).waitFor();
    await page.getByText(/^Suggested:/).waitFor();
    await select(21, 31);
    await page.keyboard.press("m");
    await page.getByRole("heading", { name: "Marzouki 👍🏽" }).waitFor();
    expect(await marks(page)).toEqual(["Kerry", "Marzouki 👍🏽", "today"]);

    await select(21, 29);
    await page.keyboard.press("m");
    expect(await marks(page)).toEqual(["Kerry", "Marzouki", "today"]);
    await page.keyboard.press("x");
    expect(await marks(page)).toEqual(["Kerry", "today"]);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    expect(await marks(page)).toEqual(["Kerry", "Marzouki 👍🏽", "today"]);
    await page.keyboard.press("Control+Shift+z");
    const [caption] = await exported(page);
    expect(caption!.mentions).toEqual([
      { text: "Kerry", start: 9, end: 14 },
      { text: "Marzouki", start: 21, end: 29 },
      { text: "today", start: 35, end: 40 },
    ]);
    expect(visit.complaints).toEqual([]);
  });

  it("offers to mark a selection that begins inside a mark, and presses “Not a name” only once", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await openRecords(page, "c.jsonl", [spanned("1", "Jordan with Pippen", "Jordan", "Pippen")]);
    await page.getByText(/^Suggested:/).waitFor();
    const [jordan, pippen] = [page.locator(".mark").first(), page.locator(".mark").last()];
    await jordan.hover();
    await page.mouse.down();
    await pippen.hover();
    await page.mouse.up();
    await page.getByRole("button", { name: /^Mark “.+ with .+”/ }).waitFor();
    await page.locator(".caption-id").click(); // ends the selection
    await page.getByRole("button", { name: "Not a name" }).click();
    await page.getByRole("heading", { name: "Pippen" }).waitFor();
    await page.getByText("Suggested: Scottie Pippen").waitFor();
    await page.keyboard.press("Enter");
    const [caption] = await exported(page);
    expect(caption!.mentions).toMatchObject([{ text: "Pippen", gold: "scottie-pippen" }]);
    expect(visit.complaints).toEqual([]);
  });

  it("opens a links file with its captions file, least certain first, without linking again", async () => {
    const captions = path("captions.jsonl");
    const text = "Jordan and Pippen.\nsecond line";
    const records = [
      { id: "sure", text: "Andrew Ng lectures.", mentions: [{ text: "Andrew Ng", start: 0, end: 9 }] },
      { id: "unsure", text, mentions: [{ text: "Jordan", start: 0, end: 6 }] },
    ];
    await writeRecords(captions, records);
    const { stdout } = await mmel(["link", captions, "--kb", kb, "--model", "lexical"]);
    const links = stdout.trim().split("\n");

    await using visit = await open(address());
    const { page } = visit;
    let asked = 0;
    page.on("request", (request) => {
      asked += request.url().endsWith("/v1/link") ? 1 : 0;
    });
    await openRecords(page, "links.jsonl", links);
    await page.locator(".notice").getByText("also open the captions file").waitFor();
    await openRecords(page, "captions.jsonl", records);
    await page.getByRole("heading", { name: "Jordan" }).waitFor(); // the first of the queue is open
    expect(await page.locator(".queue-text").allTextContents()).toEqual([text, "Andrew Ng lectures."]);
    expect(asked).toBe(0);
    expect(visit.complaints).toEqual([]);
  });

  it("opens dropped text, a gzipped captions file, and the pictures that its captions name", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await drop(page, { text: "Andrew Ng lectures." });
    await page.getByRole("button", { name: "Find and link names" }).click();
    await page.getByRole("heading", { name: "Andrew Ng" }).waitFor();
    const captions = [
      { ...spanned("peach", "Georgia on a mug.", "Georgia"), image: "mugs/peach.png" },
      spanned("plain", "Georgia again.", "Georgia"),
    ];
    const packed = gzipSync(captions.map((one) => `${JSON.stringify(one)}\n`).join(""));
    await drop(page, { "captions.jsonl.gz": packed });
    await page.locator(".notice").getByText("Opened 2 captions").waitFor();
    const picture = await readFile("demo/images/captions/georgia-mug.png");
    await drop(page, { "peach.png": picture, "other.png": picture });
    await page.locator(".notice").getByText("Added 1 of 2 pictures to captions").waitFor();
    await page.locator(".queue-row").filter({ hasText: "on a mug" }).click();
    await page.locator("img.caption-picture[src^='blob:']").waitFor();
    expect((await exported(page)).map(({ id, image }) => [id, image])).toEqual([
      ["caption-1", undefined],
      ["peach", "mugs/peach.png"],
      ["plain", undefined],
    ]);
    expect(visit.complaints).toEqual([]);
  });

  it("restores unfinished work and its picture after a reload", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const png = await sharp("demo/images/captions/bush-guitar.png").png().toBuffer();
    await page
      .getByLabel("Picture of the caption")
      .setInputFiles({ name: "bulls.png", mimeType: "image/png", buffer: png });
    await page.getByLabel("Caption", { exact: true }).fill("Jordan with Pippen and Rodman.");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Suggested:").waitFor();
    await page.keyboard.press("0");
    await page.getByRole("heading", { name: "Pippen" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Pippen" }).waitFor();
    await page.locator(".candidate .probability").first().waitFor();
    await page.locator("img.caption-picture").waitFor();
    expect(await page.locator(".progress-words").textContent()).toContain("1 of ");
    const [caption] = await exported(page);
    expect(caption).toMatchObject({ image: "bulls.png", mentions: [{ gold: null }, {}, {}] });
    expect(visit.complaints).toEqual([]);
  });

  it("works with the keyboard alone", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const keys = page.keyboard;
    await page.getByLabel("Caption", { exact: true }).focus();
    await keys.type("Basketball: Jordan with Pippen, Rodman and Kukoc.");
    await keys.press("Tab"); // add a picture
    await keys.press("Tab"); // find and link names
    await keys.press("Enter");
    await page.getByText("Suggested: Michael Jordan").waitFor();

    await keys.press("2");
    await page.getByRole("heading", { name: "Pippen" }).waitFor();
    await keys.press("Enter");
    await page.getByRole("heading", { name: "Rodman" }).waitFor();
    await keys.press("/");
    await page.getByRole("combobox", { name: "Name or words to search for" }).waitFor();
    await keys.type("Kerry");
    await page.getByRole("option", { name: /John Kerry/ }).waitFor();
    const chosen = page.locator("[role=option][aria-selected=true]");
    for (let presses = 0; presses < 10; presses++) {
      if ((await chosen.textContent())?.includes("John Kerry")) break;
      await keys.press("ArrowDown");
    }
    await keys.press("Enter");
    await page.locator(".notice").getByText("Rodman → John Kerry").waitFor();
    await keys.press("u");
    await page.getByRole("heading", { name: "Rodman" }).waitFor();
    await keys.press("0");

    await keys.press("m");
    await page.getByRole("textbox", { name: "Caption text" }).waitFor();
    await keys.press("End");
    await keys.press("ArrowLeft");
    for (let at = 0; at < 5; at++) await keys.press("Shift+ArrowLeft");
    await page.getByText("Selected: Kukoc").waitFor();
    await keys.press("Enter");
    await page.getByRole("heading", { name: "Kukoc" }).waitFor();
    await keys.press("0");

    await keys.press("e");
    await page.getByRole("dialog", { name: "Export" }).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), keys.press("Enter")]);
    const { mentions } = JSON.parse(await textOf(download));
    expect(mentions.map(({ text, gold }: { text: string; gold: string | null }) => [text, gold])).toEqual([
      ["Jordan", expect.any(String)],
      ["Pippen", "scottie-pippen"],
      ["Rodman", null],
      ["Kukoc", null],
    ]);
    expect(mentions[0].gold).not.toBe("michael-jordan");
    expect(visit.complaints).toEqual([]);
  });

  it("keeps the focus on the current name, with single-key shortcuts turned off", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await page.evaluate(() =>
      localStorage.setItem("mmel-review-preferences", '{"singleKeys":false,"reviewer":""}'),
    );
    await page.reload();
    await openRecords(page, "c.jsonl", [spanned("1", "Jordan with Pippen.", "Jordan", "Pippen")]);
    await page.getByText("Suggested:").waitFor();
    await page.keyboard.press("0");
    expect(await page.getByText("You decided").count()).toBe(0);
    await tabTo(page, /Michael Jordan/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Pippen" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Pippen");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Details");
  });

  describe("accessibility", () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const rules = colorScheme === "dark" ? ["color-contrast"] : undefined; // other rules do not depend on colors
      it(`has no axe violations in any state of the page (${colorScheme})`, async () => {
        await using visit = await open(address(), { colorScheme });
        const { page } = visit;
        expect(await axe(page, rules)).toEqual([]);
        await openRecords(page, "c.jsonl", [
          spanned("1", "Jordan with Pippen.", "Jordan", "Pippen"),
          spanned("2", "Paris and Nicole milk a cow.", "Paris", "Nicole"),
          { id: "3", text: "no names here at all", mentions: [] },
          "not json",
        ]);
        await allLinked(page);
        await page.locator(".candidate .probability").first().waitFor();
        expect(await axe(page, rules)).toEqual([]);
        await page.keyboard.press("a");
        await page.getByRole("button", { name: "Details" }).click();
        await page.keyboard.press("0");
        await page.keyboard.press("k");
        expect(await axe(page, rules)).toEqual([]);
        await page.keyboard.press("y");
        await page.locator(".scores").waitFor();
        for (const key of ["/", "?", "e", "m", "+", "t", "w", "b"]) {
          await page.keyboard.press(key);
          await page.getByRole("dialog").waitFor();
          if (key === "/") await page.locator("[role=option]").first().waitFor();
          expect(await axe(page, rules), key).toEqual([]);
          await page.keyboard.press("Escape");
          await page.getByRole("dialog").waitFor({ state: "detached" });
        }
        await page.getByRole("button", { name: "Settings" }).click();
        expect(await axe(page, rules)).toEqual([]);
        await page.getByRole("button", { name: "Remove all captions" }).click();
        expect(await axe(page, rules)).toEqual([]);
        await page.keyboard.press("Escape");
        await page.locator(".queue-row").last().click();
        expect(await axe(page, rules)).toEqual([]);
        expect(visit.complaints).toEqual([]);
      });
    }
  });

  it("fits a phone 360 pixels wide, and works by touch", async () => {
    await using visit = await open(address(), {
      viewport: { width: 360, height: 740 },
      isMobile: true,
      hasTouch: true,
    });
    const { page } = visit;
    const fits = async (): Promise<void> =>
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await fits();
    const long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikantenvereinigung";
    await openRecords(page, "c.jsonl", [
      spanned("1", `Jordan with Pippen at ${long}.`, "Jordan", "Pippen", long),
      spanned("2", "Paris and Nicole milk a cow.", "Paris", "Nicole"),
    ]);
    await allLinked(page); // the page then shows the least certain caption
    await page.getByRole("button", { name: "Captions" }).tap();
    await page.locator("dialog .queue-row").getByText("Jordan with").tap();
    await page.getByRole("heading", { name: "Jordan" }).waitFor();
    await fits();
    await page.getByRole("button", { name: /^Accept/ }).tap();
    await page.getByRole("heading", { name: "Pippen" }).waitFor();
    await page.getByRole("button", { name: "Details" }).tap();
    await fits();
    await page.getByRole("button", { name: "Captions" }).tap();
    await page.locator("dialog .queue-row").getByText("Paris and Nicole").tap();
    await page.getByRole("heading", { name: "Paris" }).waitFor();
    await page.getByRole("button", { name: "Search", exact: true }).tap();
    await page.getByRole("option", { name: /Paris Hilton/ }).tap();
    await page.getByRole("heading", { name: "Nicole" }).waitFor();
    await fits();
    const small = await page.evaluate(() =>
      [...document.querySelectorAll(".actions button, .step button, .top button, .candidate-button")]
        .map((button) => button.getBoundingClientRect())
        .filter(({ width, height }) => width > 0 && (width < 38 || height < 38)),
    );
    expect(small).toEqual([]);
    expect(await axe(page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
  });
});

/** Presses Tab until an element with this text has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? "");
    if (name.test(focused.trim())) return;
  }
  expect.fail(`Tab does not reach ${name}`);
}

async function textOf(download: Download): Promise<string> {
  return await readFile(await download.path(), "utf8");
}
