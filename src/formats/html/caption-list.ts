import { batched } from "../../core/batched.js";
import { captionCard } from "./card.js";
import { type EmbeddedPictures, html } from "./markup.js";
import { type PageData, SHOWN_AT_ONCE } from "./page-data.js";
import { createConverter, type LinkedCaption, picturePaths } from "./shown.js";

/** Returns the `data:` URLs of small copies of pictures, by path. */
export type EmbedPictures = (paths: readonly string[]) => Promise<EmbeddedPictures>;

type Captions = Iterable<LinkedCaption> | AsyncIterable<LinkedCaption>;

/** Number of captions in one part of the data. */
const PART = 250;

/**
 * Yields a list of captions with search, filters and pages. The first captions are markup; all captions are data, from
 * which the script of the page (`listScript`) renders the others. Never holds more than one part of the captions.
 */
export async function* captionList(captions: Captions, embed?: EmbedPictures): AsyncGenerator<string> {
  const converter = createConverter();
  const parts = { entities: converter.entities, pictures: (number = -1) => converter.pictures[number] };
  let isFirst = true;
  for await (const batch of batched(captions, PART)) {
    const [entities, pictures] = [converter.entities.length, converter.pictures.length];
    const embedded = (await embed?.(batch.flatMap(picturePaths))) ?? new Map();
    const shown = batch.map((linked) => converter.convert(linked, embedded));
    if (isFirst) {
      const first = shown.slice(0, SHOWN_AT_ONCE).map((caption) => captionCard(caption, parts));
      yield html`${BROWSE}<div id="cards">${first}</div>${shown.length > SHOWN_AT_ONCE ? WITHOUT_SCRIPT : html``}${PAGER}`
        .markup;
    }
    isFirst = false;
    const data: PageData = { captions: shown, entities: converter.entities.slice(entities) };
    yield block("captions", data);
    if (converter.pictures.length > pictures)
      yield block("pictures", converter.pictures.slice(pictures), pictures);
  }
}

/**
 * Returns data as a script element that the browser does not run. The JSON contains no "<", so it cannot end early.
 * `first` is the number of the first picture.
 */
const block = (kind: string, data: unknown, first = 0): string =>
  `<script type="application/json" class="${kind}" data-first="${first}">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>\n`;

const BROWSE = html`<form id="browse" role="search" aria-label="captions" hidden>
<label class="grow">Search <input type="search" name="words" placeholder="caption, name or entity" autocomplete="off"></label>
<label>Show <select name="kind"></select></label>
<label>Probability <select name="most"></select></label>
<label>Sort <select name="order"></select></label>
</form>
<p id="found" role="status" class="soft"></p>
`;

const PAGER = html`<nav id="pager" aria-label="pages" hidden><button type="button" name="previous">Previous</button> <label>page <input type="number" min="1"></label> <span></span> <button type="button" name="next">Next</button></nav>
`;

const WITHOUT_SCRIPT = html`<p id="without-script" class="card">These are the first ${SHOWN_AT_ONCE} captions. Allow JavaScript for this page to see, search and filter the others.</p>`;
