import type { Group, Scene, Subject } from "./feature-row.js";
import { gender } from "./groups/gender.js";
import { name } from "./groups/name.js";
import { prior } from "./groups/prior.js";
import { rest } from "./groups/rest.js";
import { topics } from "./groups/topics.js";
import { words } from "./groups/words.js";
import { years } from "./groups/years.js";
import type { Row } from "./row.js";

/** Every feature of one candidate by itself; a new group is a new row. */
export const GROUPS: Readonly<Record<string, Group>> = { name, rest, prior, years, gender, topics, words };

/** `group/feature` in the order of the weights. */
export const FEATURE_NAMES: readonly string[] = Object.entries(GROUPS).flatMap(([group, { features }]) =>
  features.map((feature) => `${group}/${feature}`),
);

const PLACES = Object.values(GROUPS).map((group, at, all) => ({
  fill: group.fill,
  base: all.slice(0, at).reduce((sum, { features }) => sum + features.length, 0),
}));

/** Puts all features of a candidate into an empty row. */
export function fillRow(scene: Scene, subject: Subject, row: Row): void {
  row.clear();
  for (const { fill, base } of PLACES) {
    row.base = base;
    fill(scene, subject, row);
  }
}
