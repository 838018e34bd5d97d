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
      const index = row * FAMILY.length + column;
      return {
        id: `P${index}`,
        label: `${given} ${family}`,
        aliases:
          index % 3 === 0 ? [`The ${given} Kid`, `${given} Maria Theodora ${family} of Somewhere`] : [],
        properties: { occupation: ["politician"] },
        images: index % 7 === 0 ? [] : [`${index}.png`],
      };
    }),
  ).flatMap((person, index) =>
    index % 5 === 0
      ? [person, { ...person, id: `N${index}`, label: `${person.label} (namesake)` }]
      : [person],
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
  return Array.from({ length: count }, (_, index): Caption => {
    const [first, second] = [all[index % all.length]!, all[(index + 1) % all.length]!];
    const names = index % 3 === 0 ? `${first.label} and ${second.label}` : first.label;
    const place = `${PLACES[index % PLACES.length]} in ${WEATHER[index % WEATHER.length]}`;
    const text = `${names} ${OCCASIONS[Math.floor(index / 88) % OCCASIONS.length]} in ${place}, ${1950 + (index % 70)}`;
    return { id: `n${index}`, text, mentions: [] };
  });
}
