import { expect, it } from "vitest";
import { mmel, scratch, writeRecords } from "../cli/harness.js";
import { allLinked, inBrowser, openRecords, served, spanned } from "./browser.js";

const path = scratch();

const IMG = '<img src=x onerror="window.hit=1">';
const SCRIPT = "<script>window.hit=2</script>";
const SVG = "<svg/onload=window.hit=3>";
const BREAKOUT = `"'><iframe srcdoc="<script>parent.hit=4</script>">`;

const ENTITIES = [
  {
    id: `${BREAKOUT}/../%2e%2e`,
    label: `Evil ${IMG}`,
    aliases: [`Evil ${SCRIPT}`],
    description: `${SCRIPT}${SVG}${BREAKOUT}`,
    properties: { [`x${IMG}`]: [SVG], constructor: [SCRIPT] },
    images: ["x.jpg"],
    url: "javascript:window.hit=5",
  },
  {
    id: "data",
    label: "Evil twin",
    description: "{{7*7}} <%= 7*7 %>",
    url: "data:text/html,<script>window.hit=6</script>",
  },
];

inBrowser("review page, hostile knowledge base", (open) => {
  const address = served(
    async () => {
      const kb = path("kb");
      const { code, stderr } = await mmel([
        "kb",
        "import",
        await writeRecords(path("evil.jsonl"), ENTITIES),
        "--kb",
        kb,
      ]);
      if (code !== 0) throw new Error(stderr);
      return kb;
    },
    "--model",
    "lexical",
  );

  it("shows all text verbatim, and runs none of it", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const text = `Evil ${IMG} & ${SCRIPT} "quoted" ${SVG}`;
    await openRecords(page, `${IMG}.jsonl`, [
      spanned(`id ${IMG}`, text, `Evil ${IMG}`, SCRIPT),
      {
        id: "__proto__",
        text: "Evil",
        image: `${IMG}.jpg`,
        mentions: [{ text: "Evil", gold: `gold ${IMG}` }],
      },
      `{"id": "${SVG}"`,
    ]);
    await allLinked(page);
    await page.locator(".queue-row").filter({ hasText: SCRIPT }).click();
    await page.locator(".candidate .probability").first().waitFor();
    expect(await page.locator("#caption-text").textContent()).toBe(text);
    expect(await page.locator(".caption-id").textContent()).toBe(`id ${IMG}`);
    await page.getByRole("button", { name: "Details" }).click();
    await page.locator(".facts").getByText(SVG).first().waitFor();
    expect(await page.locator(".label bdi").first().textContent()).toBe(`Evil ${IMG}`);
    expect(await page.locator(".facts a").count()).toBe(0);

    await page.keyboard.press("/");
    await page.locator("[role=option]").first().waitFor();
    await page.keyboard.press("Enter");
    await page
      .locator(".queue-row")
      .filter({ hasText: /^Evil(?! )/ })
      .click();
    await page.getByText(`gold ${IMG}`).first().waitFor();
    await page.keyboard.press("e");
    await page.keyboard.press("Escape");
    await page.reload();
    await page.locator("#caption-text").waitFor();

    const tags = await page.evaluate(() =>
      [...document.querySelectorAll("*")].flatMap((element) => [
        ...(["SCRIPT", "IFRAME", "OBJECT", "EMBED"].includes(element.tagName) &&
        !(element as HTMLScriptElement).src.startsWith(location.origin)
          ? [element.outerHTML]
          : []),
        ...[...element.attributes].filter(({ name }) => name.startsWith("on")).map(({ name }) => name),
        ...(/^(javascript|data):/i.test(element.getAttribute("href") ?? "") ? [element.outerHTML] : []),
      ]),
    );
    expect(tags).toEqual([]);
    expect(await page.evaluate("window.hit")).toBeUndefined();
    expect(visit.complaints).toEqual([]);
  });

  it("blocks scripts that get into the page", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const blocked = await page.evaluate(async (html) => {
      const violations: string[] = [];
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) =>
        violations.push(effectiveDirective),
      );
      const attempts = {
        attribute: () => document.createElement("img").setAttribute("onerror", "window.hit=7"),
        markup: () => document.body.insertAdjacentHTML("beforeend", html),
        inline: () => {
          const script = document.createElement("script");
          script.append("window.hit=9");
          document.body.append(script);
        },
      };
      for (const [name, attempt] of Object.entries(attempts)) {
        try {
          attempt();
        } catch {
          violations.push(name);
        }
      }
      await fetch("https://example.org/").catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return violations;
    }, IMG);
    expect(blocked).toEqual(expect.arrayContaining(["attribute", "markup", "connect-src"]));
    expect(await page.evaluate("window.hit")).toBeUndefined();
  });

  it("has a Content-Security-Policy that forbids inline scripts and styles", async () => {
    const response = await fetch(address());
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    const html = await response.text();
    expect(html).not.toMatch(/<style|style=|\son\w+=|<script>|https?:\/\//);
  });
});
