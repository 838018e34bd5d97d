import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { scratch } from "../cli/harness.js";
import { described, jpeg, jpegWithIptc, regions, shown, xmp } from "../datasets/pictures/make.js";
import { bookParts, zip } from "../formats/zip.js";
import { CATALOGUE } from "./archive.js";
import { allLinked, axe, exported, inBrowser, marks, openRecords, running, spanned } from "./browser.js";

const path = scratch();

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const DARK_PHONE: BrowserContextOptions = { ...PHONE, colorScheme: "dark" };
const VIEWS: readonly (readonly [string, BrowserContextOptions])[] = [
  ["desktop", {}],
  ["dark phone", DARK_PHONE],
];

const row = (cells: readonly string[]): string =>
  `<row>${cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join("")}</row>`;

/** A workbook whose table is on the second sheet, below a title and an empty row. */
const BOOK = {
  name: "town.xlsx",
  mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  buffer: zip(
    bookParts({
      sheets: {
        Cover: row(["Museum of the town"]),
        People: `${row(["Inventory 2024"])}<row/>${row(["No", "Name"])}${row(["7", "Anna Brandl"])}`,
      },
    }),
  ),
};

/** A folder with pictures: one without a caption, one that is damaged. */
const FOLDER: Readonly<Record<string, () => Promise<Buffer> | string>> = {
  "a.jpg": () =>
    jpeg(
      described(["x-default", "Michael Jordan meets Scottie Pippen"]) +
        shown("Scottie Pippen", "Michael Jordan"),
    ),
  "b.jpg": () => jpeg(""),
  "c.jpg": () => jpegWithIptc({ 120: "Dennis Rodman at the airport" }),
  "c.xmp": () => xmp(shown("Dennis Rodman")),
  "deep/a.jpg": () => jpeg(regions([["Face", "Steve Kerr"]])),
  "deep/notes.txt": () => "not a picture",
  "e.jpg": () => "damaged",
};

const folder = path("box");

async function writeFolder(): Promise<void> {
  for (const [name, content] of Object.entries(FOLDER)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), await content());
  }
}

/** Drops files or folders of this machine on the page, as a file manager does. */
async function dropPaths(page: Page, ...files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: 20, y: 300, data });
  await session.detach();
}

const columns = (page: Page): Promise<string[]> => page.locator(".column-name strong").allTextContents();

/** Presses Tab until an element is focused. */
async function tabTo(page: Page, label: string | RegExp): Promise<void> {
  const target = page.getByLabel(label).and(page.locator(":focus"));
  for (let presses = 0; presses < 60 && (await target.count()) === 0; presses++)
    await page.keyboard.press("Tab");
  expect(await target.count(), `Tab reaches ${label}`).toBe(1);
}

/** Whether a page is as wide as its view, so that nothing must be scrolled sideways. */
const fits = (page: Page): Promise<boolean> =>
  page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll("dialog[open]")].every(
      (one) => one.scrollWidth <= one.clientWidth + 1,
    ),
  );

inBrowser("tables and pictures in the page", (open) => {
  const address = running(async () => [
    ...["open", "--no-browser", "--home", path("home"), "--port", "0", "--model", "lexical"],
  ]);

  it.each(VIEWS)("shows how a table is read, and reads it as corrected, on a %s", async (view, options) => {
    await using visit = await open(address(), options);
    const { page } = visit;
    const file = page.getByLabel("File of a new catalogue");
    const titled = Buffer.concat([Buffer.from("Inventory 2024;;;;;\r\n\r\n"), CATALOGUE.buffer]);
    await file.setInputFiles({ ...CATALOGUE, buffer: titled });
    const header = page.getByLabel("Names of the columns in row");
    await header.waitFor();
    expect(await header.inputValue()).toBe("3");
    expect(await page.getByLabel("Columns divided by").inputValue()).toBe(";");
    expect(await page.getByLabel("Encoding").inputValue()).toBe("windows-1252");
    expect((await columns(page))[1]).toBe("Name");
    await page.locator(".previews").getByText("Jörg Falk").waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await fits(page)).toBe(true);

    await tabTo(page, "Encoding");
    await page.keyboard.type("Macintosh");
    await page.locator(".previews").getByText("Jˆrg Falk").waitFor();
    await tabTo(page, "Names of the columns in row");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Tab");
    await page.locator(".column-name strong").getByText("0001").waitFor();
    await header.fill("2");
    await header.blur();
    await page
      .getByText("cannot be read like this: row 2, which should name the columns, is empty")
      .waitFor();
    expect(await axe(page)).toEqual([]);
    await header.fill("3");
    await header.blur();
    await page.getByLabel("Columns divided by").selectOption(",");
    await page.getByText("No column looks like the names").waitFor();

    await page.getByLabel("Another file").setInputFiles(BOOK);
    await page.getByLabel("Sheet").selectOption("People");
    await page.locator(".previews").getByText("Anna Brandl").waitFor();
    expect(await header.inputValue()).toBe("3");
    expect(await page.getByLabel("Encoding").count()).toBe(0);
    expect(await fits(page)).toBe(true);
    await page.getByLabel("Name of the catalogue").fill(`Town ${view}`);
    await page.keyboard.press("Enter");
    await page.getByText("1 entity imported").waitFor();
    expect(visit.complaints).toEqual([]);
  });

  it("reads captions with the corrected settings, and exports them in the form in which they came", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const buffer = Buffer.from("Box 7\nFoto;Text;;\n1;Jordan, Żuk;x;y\n2;Pippen;x;y\n3;Rodman;x;y\n", "utf8");
    await page
      .getByLabel("Files with captions")
      .setInputFiles({ name: "box.csv", mimeType: "text/csv", buffer });
    const header = page.getByLabel("Names of the columns in row");
    await header.fill("2");
    await header.press("Enter");
    await page.locator(".column-name").getByText("Foto").waitFor();
    await page.getByRole("button", { name: "Link these captions" }).click();
    await page.locator("#caption-text").getByText("Jordan, Żuk").waitFor();
    expect(await page.locator(".queue-row").count()).toBe(3);
    await allLinked(page);
    for (const done = page.locator(".done-card"); (await done.count()) === 0; )
      await page.keyboard.press("0");
    await page.locator(":focus").filter({ hasText: "Export captions-reviewed.csv" }).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    expect(download.suggestedFilename()).toBe("captions-reviewed.csv");
    expect(await readFile(await download.path(), "utf8")).toMatch(
      /^\uFEFFcaption id;caption;.*\n[^;]*;"Jordan, Żuk";/,
    );
    expect(await axe(page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
  });

  beforeAll(writeFolder);

  it.each(VIEWS)("reads the captions in the pictures of a folder, on a %s", async (view, options) => {
    await using visit = await open(address(), options);
    const { page } = visit;
    await page.locator(".start").waitFor();
    if (view === "desktop") await dropPaths(page, folder);
    else await page.getByLabel("Folder of pictures").setInputFiles(folder);
    const dialog = page.getByRole("dialog", { name: "Captions for 5 pictures" });
    await dialog.getByText("3 of 5 pictures with a caption").waitFor();
    expect(await dialog.getByLabel("a.jpg", { exact: true }).inputValue()).toBe(
      "Michael Jordan meets Scottie Pippen",
    );
    expect(await dialog.getByLabel("c.jpg").inputValue()).toBe("Dennis Rodman at the airport");
    expect(await dialog.getByLabel("deep/a.jpg").inputValue()).toBe("Steve Kerr");
    await dialog.getByText("The file is not a picture, or it is damaged").waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await fits(page)).toBe(true);

    await tabTo(page, /^Show only the 2 pictures/);
    await page.keyboard.press("Space");
    await dialog.getByLabel("deep/a.jpg").waitFor({ state: "detached" });
    expect(await dialog.locator("textarea").count()).toBe(2);
    await page.keyboard.press("Space");
    await dialog.getByLabel("a.jpg", { exact: true }).fill("Jordan. Scottie Pippen.");
    await dialog.getByRole("button", { name: "Link 3 captions" }).press("Enter");
    await page.locator(".notice").getByText("left out 2 pictures without a caption").waitFor();
    expect(await page.locator(".notice li").allTextContents()).toEqual(["b.jpg", "e.jpg"]);
    expect(await axe(page)).toEqual([]);
    await allLinked(page);
    const captions = await exported(page);
    expect(captions.map(({ id, image }) => [id, image])).toEqual([
      ["a.jpg", "a.jpg"],
      ["c.jpg", "c.jpg"],
      ["deep/a.jpg", "deep/a.jpg"],
    ]);
    expect(captions[0]).toMatchObject(spanned("a.jpg", "Jordan. Scottie Pippen.", "Scottie Pippen"));
    expect(captions[1]).toMatchObject(spanned("c.jpg", "Dennis Rodman at the airport", "Dennis Rodman"));
    expect(visit.complaints).toEqual([]);
  });

  it("reads the captions in several pictures and in one, and sends them to the service only", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await dropPaths(page, join(folder, "c.jpg"), join(folder, "a.jpg"), join(folder, "c.xmp"));
    await page.getByText("2 of 2 pictures with a caption").waitFor();
    expect(await page.locator(".picture-caption bdi.soft").allTextContents()).toEqual(["c.jpg", "a.jpg"]);
    await page.getByText("People shown: Dennis Rodman").waitFor();
    await page.keyboard.press("Escape");
    await dropPaths(page, join(folder, "a.jpg"));
    await page.getByRole("dialog", { name: "Captions for 1 picture" }).waitFor();
    await page.getByRole("button", { name: "Link 1 caption" }).click();
    await page.locator("#caption-text").getByText("Michael Jordan").waitFor();
    expect(await marks(page)).toEqual(["Michael Jordan", "Scottie Pippen"]);
    expect(visit.complaints).toEqual([]);
  });

  it("shows messages on a phone where nothing stays covered", async () => {
    await using visit = await open(address(), DARK_PHONE);
    const { page } = visit;
    await openRecords(page, "c.jsonl", [spanned("1", "Jordan with Pippen.", "Jordan", "Pippen"), "bad"]);
    await page.locator(".notice").getByText("skipped 1 invalid line").waitFor();
    await allLinked(page);
    const covered = await page.evaluate(() => {
      const notice = document.querySelector(".notice")!;
      const controls = [
        ...document.querySelectorAll("main button, main a, .candidate-button, header button"),
      ];
      return controls.flatMap((control) => {
        control.scrollIntoView({ block: "nearest" });
        const { top, bottom } = control.getBoundingClientRect();
        const { top: from, bottom: to } = notice.getBoundingClientRect();
        const isOver = !notice.contains(control) && top < to - 1 && bottom > from + 1;
        return isOver ? [control.textContent] : [];
      });
    });
    expect(covered).toEqual([]);
    expect(visit.complaints).toEqual([]);
  });
});
