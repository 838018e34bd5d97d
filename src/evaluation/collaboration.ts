import { type Entity, goldId } from "../core/index.js";
import { anchorAddress, html, type Markup, markedText } from "../formats/html/index.js";
import { collaborationChanges } from "../linker/index.js";
import type { MentionRecord } from "./records.js";

/** An annotated mention whose first candidate was changed by the caption's other mentions. */
export interface ChangedMention {
  /** Id and text of the caption. */
  readonly caption: string;
  readonly text: string;
  readonly mention: string;
  /** Offsets of the mention in UTF-16 code units; absent for a mention without a position. */
  readonly start?: number;
  readonly end?: number;
  /** The first candidate without the other mentions. */
  readonly before: NamedEntity;
  /** The first candidate with the other mentions. */
  readonly after: NamedEntity;
  /** The gold entity, with its label if the knowledge base contains it. Null if the annotation is NIL. */
  readonly gold: { readonly id: string; readonly label?: string } | null;
  /** Why the first candidate changed. */
  readonly because?: string;
}

interface NamedEntity {
  readonly id: string;
  readonly label: string;
}

/** The mentions whose first candidate was changed by the caption's other mentions. */
export interface CollaborationFigures {
  /** Number of mentions whose first candidate was wrong without the other mentions and is right with them. */
  readonly mended: number;
  /** Number of mentions whose first candidate was right without the other mentions and is wrong with them. */
  readonly broken: number;
  /**
   * Number of mentions whose first candidate changed from one wrong entity to another. If the annotation is NIL, every
   * entity is wrong.
   */
  readonly stillWrong: number;
  /** The first examples of each kind of change. */
  readonly examples: Readonly<Record<Change, readonly ChangedMention[]>>;
}

type Change = "mended" | "broken" | "stillWrong";

/** Maximum number of examples of each kind of change. */
const EXAMPLES = 20;

/** Finds the mentions whose first candidate was changed by the caption's other mentions. */
export function collaborationFigures(records: readonly MentionRecord[]): CollaborationFigures {
  const changes = records.flatMap(changesOf);
  const of = (change: Change) => changes.filter(({ kind }) => kind === change).map(({ changed }) => changed);
  const [mended, broken, stillWrong] = [of("mended"), of("broken"), of("stillWrong")];
  return {
    mended: mended.length,
    broken: broken.length,
    stillWrong: stillWrong.length,
    examples: {
      mended: mended.slice(0, EXAMPLES),
      broken: broken.slice(0, EXAMPLES),
      stillWrong: stillWrong.slice(0, EXAMPLES),
    },
  };
}

function changesOf({ caption, gold, goldEntity, link }: MentionRecord) {
  const id = goldId({ gold });
  const { text: mention, start, end, because } = link;
  return collaborationChanges({ mentions: [link] }).map(({ before, after }) => {
    const kind: Change = after.id === id ? "mended" : before.id === id ? "broken" : "stillWrong";
    const changed: ChangedMention = {
      caption: caption.id,
      text: caption.text,
      mention,
      ...(start !== undefined && end !== undefined && { start, end }),
      before: named(before),
      after: named(after),
      gold: id === undefined ? null : (goldEntity && named(goldEntity)) || { id },
      ...(because !== undefined && { because }),
    };
    return { kind, changed };
  });
}

const named = ({ id, label }: Entity): NamedEntity => ({ id, label });

/** Returns a line of text with the number of first candidates that were changed by the other mentions. */
export function collaborationText({ mended, broken, stillWrong }: CollaborationFigures): string {
  const all = mended + broken + stillWrong;
  const counts = `${mended} wrong → right, ${broken} right → wrong, ${stillWrong} wrong → wrong`;
  return `First candidates changed by the caption's other names: ${all} (${counts})`;
}

/** Renders the mentions whose first candidate was changed by the other mentions, as a section of the report. */
export function collaborationSection(figures: CollaborationFigures): Markup {
  const { mended, broken, stillWrong, examples } = figures;
  const total = mended + broken + stillWrong;
  const kinds = [
    { title: "Wrong on its own, right with the other names", count: mended, list: examples.mended },
    { title: "Right on its own, wrong with the other names", count: broken, list: examples.broken },
    { title: "Another entity, but wrong both times", count: stillWrong, list: examples.stillWrong },
  ];
  return html`<h2>What the caption's other names changed</h2>
<p class="soft">${collaborationText(figures)}.${total === 0 ? "" : ` The first candidate is compared before the decision about NIL; if the annotation is NIL, every first candidate is wrong.`}</p>
${kinds
  .filter(({ count }) => count > 0)
  .map(
    ({
      title,
      count,
      list,
    }) => html`<details class="card"><summary>${title}: <b>${count}</b>${list.length < count ? html` <span class="soft">(the first ${list.length} are shown)</span>` : html``}</summary>
${list.map(changeItem)}</details>
`,
  )}`;
}

function changeItem(change: ChangedMention): Markup {
  const { caption, text, mention, start, end, before, after, gold, because } = change;
  const isNeither = gold?.id !== before.id && gold?.id !== after.id;
  const right = gold === null ? "NIL" : (gold.label ?? gold.id);
  return html`<div class="change"><p class="caption" dir="auto">${markedText(text, [{ start, end }])}</p>
<p><a href="${anchorAddress(caption)}"><bdi>${mention}</bdi></a>: <bdi>${before.label}</bdi> → <bdi>${after.label}</bdi>${isNeither ? html` <span class="soft">(gold: <bdi>${right}</bdi>)</span>` : html``}</p>
${because === undefined ? html`` : html`<p class="because"><bdi>${because}</bdi></p>`}</div>
`;
}
