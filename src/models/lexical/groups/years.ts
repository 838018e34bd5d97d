import { type EntityProfile, PERIODS } from "../entity-profile.js";
import { type FeatureGroup, type FeatureRow, positions } from "../feature-row.js";
import { FIELDS } from "../word-lists.js";

const AGES = Array.from({ length: 10 }, (_, decade) => `age ${10 * decade} to ${10 * decade + 9}`);
const AFTER_DEATH = [1, 10, 50, 150, Infinity];
const BEFORE_BIRTH = [20, 100, Infinity];
const FEATURES = [
  "no dates known",
  "after death by 1",
  "after death by 10",
  "after death by 50",
  "after death by 150",
  "after death by more",
  "after death, log of years",
  "after death, artefact",
  "before birth by 20",
  "before birth by 100",
  "before birth by more",
  "before birth, log of years",
  "before death, birth unknown",
  "age of 100 or more",
  "age of 100 or more, death known",
  "after start of work",
  "before start of work",
  "year of birth",
  "year of death",
] as const;
const F = positions(FEATURES);
const AGE = FEATURES.length;
const AGE_FIELD = AGE + AGES.length;
const UNDATED = AGE_FIELD + AGES.length * FIELDS.length;

/**
 * Features that compare the caption's years with the candidate's lifetime: whether a year is before birth, the
 * candidate's age in that year (alone and combined with each field of activity), and how long after death the year is.
 * The features are averaged over the caption's years. If the caption contains no year, the feature is the candidate's
 * period of birth.
 */
export const years: FeatureGroup = {
  features: [
    ...FEATURES,
    ...AGES,
    ...AGES.flatMap((age) => FIELDS.map((field) => `${age} × ${field}`)),
    ...PERIODS.map((period) => `no year × born ${period}`),
  ],
  fill: ({ caption }, { profile }, row) => {
    const { birth, death } = profile;
    const { years } = caption;
    if (years.length === 0) {
      if (profile.period >= 0) row.put(UNDATED + profile.period, 1);
    } else if (birth === undefined && death === undefined) row.put(F["no dates known"], 1);
    else {
      for (const year of years) fillYear(year, 1 / years.length, profile, caption.artefact, row);
      if (birth !== undefined && years.includes(birth)) row.put(F["year of birth"], 1);
      if (death !== undefined && years.includes(death)) row.put(F["year of death"], 1);
    }
  },
};

function fillYear(
  year: number,
  share: number,
  profile: EntityProfile,
  artefact: boolean,
  row: FeatureRow,
): void {
  const { birth, death } = profile;
  if (death !== undefined && year > death) {
    row.put(F["after death by 1"] + AFTER_DEATH.findIndex((most) => year - death <= most), share);
    const log = (share * Math.log1p(year - death)) / 4;
    row.put(artefact ? F["after death, artefact"] : F["after death, log of years"], artefact ? share : log);
  } else if (birth === undefined) row.put(F["before death, birth unknown"], share);
  else if (year < birth) {
    row.put(F["before birth by 20"] + BEFORE_BIRTH.findIndex((most) => birth - year <= most), share);
    row.put(F["before birth, log of years"], (share * Math.log1p(birth - year)) / 4);
  } else fillAge(year, year - birth, share, profile, row);
}

function fillAge(year: number, age: number, share: number, profile: EntityProfile, row: FeatureRow): void {
  if (age >= 100) {
    row.put(
      profile.death === undefined ? F["age of 100 or more"] : F["age of 100 or more, death known"],
      share,
    );
    return;
  }
  const decade = Math.floor(age / 10);
  row.put(AGE + decade, share);
  for (const field of profile.fields) row.put(AGE_FIELD + decade * FIELDS.length + field, share);
  const { workStart } = profile;
  if (workStart === undefined) return;
  row.put(year >= workStart - 1 ? F["after start of work"] : F["before start of work"], share);
}
