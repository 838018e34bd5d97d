/** Titles, folded: words before a name that are not part of the name. */
export const TITLES: ReadonlySet<string> = words(
  "mr mrs ms miss mx dr prof professor sir dame lord lady madam madame mme mlle monsieur herr frau senor senora signor",
  "sen senator rep representative congressman congresswoman gov governor mayor president pres premier chancellor",
  "minister secretary ambassador judge justice chief king queen prince princess emperor empress tsar tsarina sultan shah",
  "emir sheikh duke duchess earl count countess baron baroness viscount marquess marquis archduke archduchess grand",
  "pope saint st san santa father fr sister brother bishop archbishop cardinal rev reverend rabbi imam ayatollah",
  "gen general col colonel capt captain maj major lt lieutenant sgt sergeant cpl corporal adm admiral marshal commander",
  "cmdr coach hon honorable honourable vice former late young",
);

/** Words within a name that help little to identify a person, folded. */
export const PARTICLES: ReadonlySet<string> = words(
  "of the and at in on for a an van von vom zu zum zur der den de del della degli dei di da do dos das du des d la le les",
  "el al ul ar as y e i et und bin ibn ben bint abu af av til ter ten te op",
);

/** Suffixes, folded: words after a name that distinguish people with the same name. */
export const SUFFIXES: ReadonlySet<string> = words(
  "jr sr junior senior esq phd md ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi",
  "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 14th 15th",
);

/** Particles that are also first names. At the start of a name, they do not count as particles. */
export const GIVEN_PARTICLES: ReadonlySet<string> = words("al ben van da di de bin y i e");

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}
