import { createRandom, type Entity, type Random } from "../../src/core/index.js";

const OCCUPATIONS =
  "politician actor singer footballer painter writer physicist historian journalist lawyer".split(" ");
const COUNTRIES = "American German French British Japanese Brazilian Indian Italian Russian Polish".split(
  " ",
);

/**
 * Yields `count` generated people. The same seed gives the same people. Each person has a separate random stream, so a
 * larger knowledge base contains all people in a smaller one.
 */
export function* people(count: number, seed = 1, popularity = true): Generator<Entity> {
  for (let index = 0; index < count; index++) yield person(index, seed, popularity);
}

/**
 * Generates the person with number `index`. Popularity follows a power law, similar to the number of sitelinks in
 * Wikidata: it is 1 for most people, and over 100 for one person in a thousand.
 */
export function person(index: number, seed = 1, popularity = true): Entity {
  const random = createRandom(`${seed}/${index}`);
  const given = nameOf("given", draw(GIVEN_LAW, random));
  const family = nameOf("family", draw(FAMILY_LAW, random));
  const middle = random.next() < 0.15 ? `${nameOf("given", draw(GIVEN_LAW, random))} ` : "";
  const born = 1700 + random.below(300);
  const fame = Math.floor((1 - random.next()) ** (-1 / 1.5));
  const occupation = OCCUPATIONS[random.below(OCCUPATIONS.length)]!;
  const country = COUNTRIES[random.below(COUNTRIES.length)]!;
  return {
    id: `Q${1000 + index}`,
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
    url: `https://www.wikidata.org/wiki/Q${1000 + index}`,
  };
}

/** Generates aliases for about a third of the people: with an initial, or with a second family name. */
function aliases(given: string, middle: string, family: string, random: Random): string[] {
  const others: string[] = [];
  if (middle !== "") others.push(`${given} ${middle.charAt(0)}. ${family}`);
  const kind = random.next();
  if (kind < 0.12) others.push(`${given.charAt(0)}. ${family}`);
  else if (kind < 0.24) others.push(`${given} ${family} ${nameOf("family", draw(FAMILY_LAW, random))}`);
  return others;
}

/**
 * Common first names from several countries, in descending order of frequency. Rarer names are composed of syllables.
 */
const GIVEN =
  "John Maria William James Anna David Michael Robert Peter Thomas Mary Paul Charles George Richard Jean Joseph Elizabeth " +
  "Carlos José Daniel Hans Mark Francis Alexander Andrew Henry Sarah Martin Antonio Juan Mohamed Ali Edward Jan Christopher " +
  "Stephen Frank Margaret Karl Giovanni Luis Pierre Ivan Wei Li Yuki Ahmed Anne Patrick Walter Fernando Olga Sergei Helen " +
  "Laura Kevin Brian Louis Marie Nikolai Vladimir Hiroshi Kenji Min-jun Ji-woo Fatima Omar Hassan Ingrid Lars Erik Björn " +
  "Søren Anders Olaf Katarzyna Piotr Marek Zoltán László Ferenc Dimitris Giorgos Elena Ana Sofia Lucía Diego Pedro Miguel " +
  "Rui João Paulo Marco Giulia Francesca Luca Chiara Emma Olivia Noah Lucas Hugo Chloé Camille Julien Nicolas Benjamin Samuel " +
  "Jacob Joshua Ethan Ryan Justin Brandon Tyler Jennifer Jessica Amanda Ashley Nicole Stephanie Melissa Rebecca Katherine " +
  "Susan Barbara Linda Patricia Nancy Deborah Donald Ronald Kenneth Gary Larry Jerry Dennis Raymond Gerald Harold Douglas " +
  "Arthur Albert Ernest Frederick Alfred Otto Friedrich Wilhelm Ludwig Heinrich Gustav Ravi Anil Sanjay Priya Deepak Nguyen";

/**
 * Common family names from several countries, in descending order of frequency. Rarer names are composed of syllables.
 */
const FAMILY =
  "Smith García Johnson Müller Wang Kim Brown Martin Lee Jones Williams Silva Rossi Ivanov Nguyễn Singh Ali Khan Miller Davis " +
  "Wilson Anderson Taylor Thomas Moore White Harris Clark Lewis Robinson Walker Hall Young King Wright Scott Green Baker Adams " +
  "Nelson Hill Campbell Mitchell Roberts Carter Phillips Evans Turner Parker Collins Edwards Stewart Morris Murphy Cook Rogers " +
  "Morgan Cooper Peterson Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray James Hughes Price " +
  "Myers Long Foster Sanders Ross Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein " +
  "Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Lange Werner Krause Lehmann Dubois Durand Leroy Moreau Simon " +
  "Laurent Lefebvre Michel Bertrand Roux Fournier Girard Bonnet Dupont Lambert Rousseau Rodríguez Martínez Hernández López " +
  "González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Cruz Morales Ortiz Gutiérrez Santos Oliveira Souza Pereira " +
  "Costa Ferreira Almeida Ribeiro Bianchi Ferrari Esposito Romano Colombo Ricci Marino Greco Bruno Conti Petrov Sidorov Popov " +
  "Smirnov Kuznetsov Sokolov Lebedev Novak Kowalski Nowak Wiśniewski Horvat Jovanović Popescu Papadopoulos Yılmaz Kaya Demir " +
  "Tanaka Suzuki Satō Takahashi Watanabe Itō Yamamoto Nakamura Kobayashi Katō Zhang Chen Liu Yang Huang Zhao Wu Zhou Park Choi " +
  "Jung Kang Cho Patel Sharma Kumar Gupta Das Hansen Johansson Andersson Karlsson Nilsson Larsen Jensen Nielsen Korhonen";

const SYLLABLES = (
  "a an ba bel ber bo bra cal can car che co cor da dan de del do dor dra e el en er fa fel fer fo fra ga gal ger go gra ha hal " +
  "har hel ho hor i il in is ja jan ka kal kar ker ko kor la lan le len lin lo lor ma mal man mar me mel mi min mo mor na nar ne " +
  "nel ni no nor o ol or pa pal per pi po pra qui ra ran re ri ro ros sa sal san sar se sen shi si so sor sta su ta tal tan te " +
  "ter ti to tor tra u ul un va val van ve ver vi vo wa wal we wer wil win wo ya yo za zel zi"
).split(" ");

const ENDINGS =
  "son sen man berg ner ez ov ova ski ini etti er ley ton ford ham wood well ini ic escu akis yan dze".split(
    " ",
  );

/** A Zipf-Mandelbrot distribution over `size` ranks: p(rank) is proportional to (rank + flat) ^ -steep. */
interface Law {
  readonly steep: number;
  readonly flat: number;
  readonly size: number;
}

/** Distribution of first names. The most common first name has a share of 2 %, similar to people in Wikidata. */
const GIVEN_LAW: Law = { steep: 1.1, flat: 8, size: 60_000 };
/** Distribution of family names. The most common family name has a share of 0.3 %, similar to people in Wikidata. */
const FAMILY_LAW: Law = { steep: 1.05, flat: 40, size: 1_500_000 };

/** Draws a random rank (starting at 0) from a distribution, by inverting the integral of its density. */
function draw({ steep, flat, size }: Law, random: Random): number {
  const from = flat ** (1 - steep);
  const to = (size + flat) ** (1 - steep);
  return Math.min(size - 1, Math.floor((from + random.next() * (to - from)) ** (1 / (1 - steep)) - flat));
}

const COMMON = { given: GIVEN.split(" "), family: FAMILY.split(" ") };

/**
 * Returns the name with a certain rank. Low ranks are common names. For a higher rank, the name is composed of syllables, which
 * the rank determines.
 */
function nameOf(kind: "given" | "family", rank: number): string {
  const common = COMMON[kind];
  return common[rank] ?? fromSyllables(rank - common.length, kind);
}

function fromSyllables(number: number, kind: "given" | "family"): string {
  let text = "";
  let rest = Math.imul(number, 2654435761) >>> 0; // a hash, so that names with neighbouring ranks are spelt differently
  for (let left = number < 2000 ? 2 : 3; left > 0; left--) {
    text += SYLLABLES[rest % SYLLABLES.length];
    rest = Math.floor(rest / SYLLABLES.length);
  }
  if (kind === "family" && rest % 3 > 0) text += ENDINGS[rest % ENDINGS.length];
  return text.charAt(0).toUpperCase() + text.slice(1);
}
