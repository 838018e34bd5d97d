import { captionList, type EmbedPictures } from "./caption-list.js";
import { listScript } from "./list-script.js";
import { html, type Markup } from "./markup.js";
import { pageEnd, pageStart } from "./page.js";
import type { LinkedCaption } from "./shown.js";

export interface LinksPageOptions {
  /** Without this option, the page has no pictures. */
  readonly embed?: EmbedPictures | undefined;
  /** Additional sentence at the top of the page. */
  readonly remark?: string | undefined;
  /** Credits for the pictures, shown at the end of the page. */
  readonly credits?: Markup;
}

/**
 * Yields the parts of a self-contained HTML page that shows each caption with its marked mentions and their possible
 * referents. Does not hold all captions in memory.
 */
export async function* linksPage(
  title: string,
  captions: Iterable<LinkedCaption> | AsyncIterable<LinkedCaption>,
  { embed, remark = "", credits = html`` }: LinksPageOptions = {},
): AsyncGenerator<string> {
  const script = await listScript();
  const totals = createTotals();
  yield `${pageStart({ title, lead: remark, script })}<h2>Captions</h2>`;
  yield* captionList(totals.counted(captions), embed);
  yield totals.markup().markup + credits.markup + pageEnd(script);
}

function createTotals() {
  const counts = { captions: 0, mentions: 0, nil: 0, changed: 0 };
  let origin = "There are no captions.";
  return {
    async *counted(captions: Iterable<LinkedCaption> | AsyncIterable<LinkedCaption>) {
      for await (const caption of captions) {
        const { mentions, model, kb } = caption.links;
        origin = `Model ${model}, knowledge base ${kb}.`;
        counts.captions += 1;
        counts.mentions += mentions.length;
        counts.nil += mentions.filter(({ outcome }) => outcome === "nil").length;
        counts.changed += mentions.filter(({ independent }) => independent !== undefined).length;
        yield caption;
      }
    },
    /** Returns the totals as markup for the end of the content. The style sheet and the script move them to its start. */
    markup: (): Markup => html`<div id="totals"><p class="lead">${origin}</p><div class="tiles">
${tile(counts.captions, "captions")}${tile(counts.mentions, "mentions")}${tile(counts.mentions - counts.nil, "linked")}${tile(counts.nil, "not in the knowledge base (NIL)")}${tile(counts.changed, "changed by the other mentions")}
</div></div>`,
  };
}

const tile = (count: number, label: string): Markup =>
  html`<div class="tile"><b>${count}</b><span>${label}</span></div>`;
