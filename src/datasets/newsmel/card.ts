import { FIGURE_HEADINGS, figureCells, markdownTable } from "../markdown.js";
import { SPLITS } from "../splits.js";
import { REASONS, type Reason } from "./reasons.js";
import { FEWEST_WORDS } from "./split-captions.js";
import type { NewsmelResult } from "./report.js";

/** The data card, `README.md` of the folder. */
export function datasetCard(result: NewsmelResult): string {
  const { generator, seed, kb, entities, figures, read, called, pictures, seen, mentions, leftOut } = result;
  const names = called.full + called.alias + called.family;
  return `# A data set for linking people in captions

Made by \`mmel dataset build newsmel\` (generator \`${generator}\`, seed ${seed}) after section 4.1 of the MMEL paper, from ${read}
captions and the knowledge base \`${kb}\`. The same captions, knowledge base, options and seed give the same bytes.
The answers come from a look-up, not from annotators: a person who has the name of the only entity of that name, and is
somebody else, is linked wrongly here too.

- \`kb.jsonl\`: ${entities} entities with names and properties.
- \`train.jsonl\`, \`dev.jsonl\`, \`test.jsonl\`: captions with \`gold\`; ${pictures} of ${figures.samples} have a picture.
- \`images/\`, if there are any: pass it as \`--images\`.
- \`rejects.jsonl\`: every name and caption that was left out, and why. \`statistics.json\`: the figures of this page.

## Rules
- People's names are found by named-entity recognition (compromise, English). What it does not know is a person if an entity has that name.
- The entity is the only one with that full name as label or alias, after folding case and accents and without what stands
  in parentheses. ${INVALID[result.invalid]}
- ${result.requirePictures ? "Captions and entities without picture are left out, as in the paper." : "Captions and entities without picture stay."}
- Half of the people are called otherwise, as far as they have another name: by an alias or nickname of the knowledge base
  that does not write the name out at greater length, or by the family name. Text and offsets are rewritten.
- Captions that share their text, as it came or as it stands here, their picture${result.splitBy === "entity" ? " or a person" : ""} lie in one split, and so do those whose
  texts are the same but for names and digits, if ${FEWEST_WORDS} other words or more are left; shorter ones ("A in London in 1950") may be alike in two
  splits. Case and accents do not count. Such groups are shared out 7:1:2. The largest group has ${result.largestGroup} captions.${result.splitBy === "entity" ? " No entity is meant in two splits." : " Entities may be meant in several splits: report those that train has seen and the others apart."}

## Statistics
Columns of table 1 of the paper; text length in words.

${markdownTable(FIGURE_HEADINGS, [figureCells(figures)])}

${markdownTable(
  ["", ...SPLITS],
  [
    ["mentions", ...SPLITS.map((split) => mentions[split])],
    ["entities meant", ...SPLITS.map((split) => figures.golds[split])],
    ["mentions whose entity is meant in train", "", seen.dev, seen.test],
  ],
)}

${markdownTable(
  ["called by", "mentions", "share"],
  [
    ["full name", called.full, share(called.full, names)],
    ["alias or nickname", called.alias, share(called.alias, names)],
    ["family name", called.family, share(called.family, names)],
  ],
)}

## Left out

${markdownTable(
  ["reason", "names or captions", ""],
  (Object.keys(REASONS) as Reason[]).map((reason) => [reason, leftOut[reason] ?? 0, REASONS[reason]]),
)}

## Licence
The captions and pictures belong to whoever made them, and so do the entities: say here what you may pass on.
`;
}

const INVALID = {
  mention: "A name without such an entity is no mention; a caption without mentions is left out.",
  caption: "A caption with a name that has no such entity is left out, as in the paper.",
} as const;

const share = (count: number, all: number): string => `${(all === 0 ? 0 : (100 * count) / all).toFixed(1)} %`;
