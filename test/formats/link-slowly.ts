/** A process for tests to kill: writes the links of captions 0…count−1 to a file and continues where it stopped. */
import type { CaptionLinks } from "../../src/core/index.js";
import { continueLinks, linkLines } from "../../src/formats/index.js";

async function run(path: string, count: number): Promise<void> {
  await using output = await continueLinks(path, { model: "m@1", kb: "k@1" });
  for (let at = 0; at < count; at++) {
    const links: CaptionLinks = { id: `caption ${at}`, mentions: [], model: "m@1", kb: "k@1" };
    if (output.hashes.has(links.id)) continue;
    for await (const line of linkLines([links])) await output.append(line);
    process.stdout.write(".");
  }
}

const [path = "", count = ""] = process.argv.slice(2);
await run(path, Number(count));
