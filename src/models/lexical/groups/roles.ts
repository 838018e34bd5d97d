import { impliesPerson } from "../../../names/index.js";
import type { MentionFacts } from "../caption-facts.js";
import type { EntityProfile } from "../entity-profile.js";
import { type FeatureGroup, type FeatureRow, positions } from "../feature-row.js";

const FEATURES = [
  "role beside agrees",
  "role beside differs",
  "role elsewhere agrees",
  "kind beside agrees",
  "kind beside differs",
  "type agrees",
  "type differs",
  "title, person",
  "title, not person",
  "place word, person",
  "place word, not person",
] as const;
const F = positions(FEATURES);

/**
 * Features that compare the roles and kinds of entity near the mention ("Physikerin", "the river", in many languages)
 * with the roles and the kind of the candidate. Other features compare the candidate's kind with the mention's type,
 * with its title, and with a word such as "in" or "at" before it.
 */
export const roles: FeatureGroup = {
  features: FEATURES,
  fill: ({ mention }, { profile }, row) => {
    fillRoles(mention, profile, row);
    const { placed, type, parsed } = mention;
    const titled = parsed.titles.some(impliesPerson);
    if (!titled && !placed && type === undefined) return;
    const kind = profile.kind();
    if (kind === undefined) return;
    const isPerson = kind === "person";
    if (titled) row.put(isPerson ? F["title, person"] : F["title, not person"], 1);
    if (placed) row.put(isPerson ? F["place word, person"] : F["place word, not person"], 1);
    if (type !== undefined) row.put(type === kind ? F["type agrees"] : F["type differs"], 1);
  },
};

function fillRoles({ beside, elsewhere }: MentionFacts, profile: EntityProfile, row: FeatureRow): void {
  if (beside.length === 0 && elsewhere.length === 0) return;
  const roles = profile.roles();
  if (beside.some(({ role }) => roles.has(role))) row.put(F["role beside agrees"], 1);
  else if (beside.length > 0 && roles.size > 0) row.put(F["role beside differs"], 1);
  if (elsewhere.some(({ role }) => roles.has(role))) row.put(F["role elsewhere agrees"], 1);
  const kind = beside.length === 0 ? undefined : profile.kind();
  if (kind === undefined) return;
  row.put(beside.some((role) => role.kind === kind) ? F["kind beside agrees"] : F["kind beside differs"], 1);
}
