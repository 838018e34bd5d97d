import { readFile } from "node:fs/promises";

/** The built script of `web/report`. The relative path is correct from both `src/formats/html/` and `dist/formats/html/`. */
const SCRIPT = new URL("../../../dist/report/browse.js", import.meta.url);

/** Returns the script that searches, filters and pages the list of captions in a page (see `captionList`). */
export const listScript = (): Promise<string> => readFile(SCRIPT, "utf8");
