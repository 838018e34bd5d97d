import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { build } from "vite";
import { expect, it } from "vitest";
import { linksToWire, type WireCaption, type WireEntity } from "../../src/formats/index.js";
import { createLinker } from "../../src/index.js";
import type { roundTrips } from "./in-browser.js";

/** Bundles the program for browsers. Fails if it needs a module of Node.js. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "no-node",
        enforce: "pre",
        resolveId(id: string, importer: string | undefined) {
          if (id.startsWith("node:")) throw new Error(`${importer} needs ${id}`);
        },
      },
    ],
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL("in-browser.ts", import.meta.url)),
        formats: ["iife"],
        name: "program",
      },
    },
  });
  const [{ output }] = built as unknown as [{ output: [{ code: string }] }];
  return output[0].code;
}

it("mmel/client and mmel/formats run in a browser", async () => {
  const caption: WireCaption = {
    id: "1",
    text: "Ada Lovelace at work",
    mentions: [{ text: "Ada Lovelace", start: 0, end: 12, gold: "ada" }],
  };
  const entity: WireEntity = { id: "ada", label: "Ada Lovelace", properties: { birth: ["1815"] } };
  await using linker = await createLinker({
    kb: [entity as { id: string; label: string }],
    model: "lexical",
  });
  const links = linksToWire(await linker.link(caption));
  const asked: string[] = [];
  const browser = {
    URL,
    URLSearchParams,
    Headers,
    Response,
    setTimeout,
    clearTimeout,
    fetch: async (address: string | URL, { body }: RequestInit) => {
      asked.push(`${address} ${JSON.parse(`${body}`).id}`);
      return Response.json(links);
    },
  };
  const context = vm.createContext(browser);
  vm.runInContext(await bundle(), context);
  expect(vm.runInContext("[typeof process, typeof require, typeof Buffer].join()", context)).toBe(
    "undefined,undefined,undefined",
  );
  const program = vm.runInContext("program", context) as { roundTrips: typeof roundTrips };
  const found = await program.roundTrips(caption, entity, "http://service.test");
  expect(asked).toEqual(["http://service.test/v1/link 1"]);
  expect(JSON.parse(JSON.stringify(found))).toMatchObject({
    caption,
    entity,
    links: JSON.parse(JSON.stringify(links)),
    annotations: { type: "AnnotationPage" },
  });
});
