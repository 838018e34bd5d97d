import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, it } from "vitest";
import { scratch } from "../cli/harness.js";
import { bookParts, zip } from "../formats/zip.js";
import { CATALOGUE } from "./archive.js";
import { axe, inBrowser, running } from "./browser.js";

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
    await page.locator(".column-name").getByText("0001").first().waitFor();
    expect(await axe(page)).toEqual([]);
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

  it("reads captions with the corrected settings", async () => {
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
    expect(visit.complaints).toEqual([]);
  });
});
