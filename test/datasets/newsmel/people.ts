import type { Caption, Entity } from "../../../src/core/index.js";

const GIVEN =
  "Anna Boris Clara David Emma Felix Greta Henry Irene James Laura Martin Nora Oscar Paula Robert".split(" ");
const FAMILY =
  "Abbott Bergmann Castillo Dunham Eriksen Fontaine Gallagher Hoffman Ibsen Jankowski Kowalski Lindqvist".split(
    " ",
  );

/** 192 people; every third has a nickname as an alias, every fifth a namesake. */
export function people(): Entity[] {
  return GIVEN.flatMap((given, row) =>
    FAMILY.map((family, column): Entity => {
      const at = row * FAMILY.length + column;
      return {
        id: `P${at}`,
        label: `${given} ${family}`,
        aliases: at % 3 === 0 ? [`The ${given} Kid`, `${given} Maria Theodora ${family} of Somewhere`] : [],
        properties: { occupation: ["politician"] },
        images: at % 7 === 0 ? [] : [`${at}.png`],
      };
    }),
  ).flatMap((one, at) =>
    at % 5 === 0 ? [one, { ...one, id: `N${at}`, label: `${one.label} (namesake)` }] : [one],
  );
}

/** The people without a namesake. */
export const unmistakable = (): Entity[] =>
  people().filter(({ id }) => id.startsWith("P") && Number(id.slice(1)) % 5 > 0);

const PLACES = "London Paris Vienna Madrid Oslo Prague Dublin Rome".split(" ");
const OCCASIONS = [
  "arriving at the airport before the meeting of ministers",
  "waving to the crowd from the balcony of the town hall",
  "during the second rehearsal of the new play last night",
  "talking about the results of the vote with reporters",
];

const WEATHER = "sunshine rain snow fog wind hail thunder drizzle twilight darkness moonlight".split(" ");

/** Captions of one or two people without namesakes; a person of a pair appears only in that pair. */
export function newsCaptions(count: number): Caption[] {
  const all = unmistakable();
  return Array.from({ length: count }, (_, at): Caption => {
    const [one, two] = [all[at % all.length]!, all[(at + 1) % all.length]!];
    const who = at % 3 === 0 ? `${one.label} and ${two.label}` : one.label;
    const place = `${PLACES[at % PLACES.length]} in ${WEATHER[at % WEATHER.length]}`;
    const text = `${who} ${OCCASIONS[Math.floor(at / 88) % OCCASIONS.length]} in ${place}, ${1950 + (at % 70)}`;
    return { id: `n${at}`, text, mentions: [] };
  });
}
