import { createRandom, type Entity, type Random } from "../../src/core/index.js";
import { draw, FAMILY_LAW, GIVEN_LAW, nameOf } from "./names.js";

const OCCUPATIONS =
  "politician actor singer footballer painter writer physicist historian journalist lawyer".split(" ");
const COUNTRIES = "American German French British Japanese Brazilian Indian Italian Russian Polish".split(
  " ",
);

/** `count` people, the same for the same seed; person i has a random stream of its own, so a larger base holds a smaller one. */
export function* people(count: number, seed = 1, popularity = true): Generator<Entity> {
  for (let at = 0; at < count; at++) yield person(at, seed, popularity);
}

/** Person `at`. Fame follows a power law as sitelinks do: most have one, one of a thousand has over a hundred. */
export function person(at: number, seed = 1, popularity = true): Entity {
  const random = createRandom(`${seed}/${at}`);
  const given = nameOf("given", draw(GIVEN_LAW, random));
  const family = nameOf("family", draw(FAMILY_LAW, random));
  const middle = random.next() < 0.15 ? `${nameOf("given", draw(GIVEN_LAW, random))} ` : "";
  const born = 1700 + random.below(300);
  const fame = Math.floor((1 - random.next()) ** (-1 / 1.5));
  const occupation = OCCUPATIONS[random.below(OCCUPATIONS.length)]!;
  const country = COUNTRIES[random.below(COUNTRIES.length)]!;
  return {
    id: `Q${1000 + at}`,
    label: `${given} ${middle}${family}`,
    aliases: aliases(given, middle, family, random),
    description: `${country} ${occupation} (born ${born})`,
    properties: {
      sex: [random.next() < 0.75 ? "male" : "female"],
      birth: [`${born}, ${nameOf("family", random.below(3000))}ville`],
      occupation: [occupation],
      languages: [country],
    },
    images: [],
    ...(popularity ? { popularity: fame } : {}),
    url: `https://www.wikidata.org/wiki/Q${1000 + at}`,
  };
}

/** A third of the people have other names: with an initial, with a second family name, without the middle name. */
function aliases(given: string, middle: string, family: string, random: Random): string[] {
  const others: string[] = [];
  if (middle !== "") others.push(`${given} ${middle.charAt(0)}. ${family}`);
  const kind = random.next();
  if (kind < 0.12) others.push(`${given.charAt(0)}. ${family}`);
  else if (kind < 0.24) others.push(`${given} ${family} ${nameOf("family", draw(FAMILY_LAW, random))}`);
  return others;
}
