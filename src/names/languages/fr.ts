import type { NameLanguage } from "./language.js";

export const fr: NameLanguage = {
  code: "fr",
  source: "written for this project; civilités et grades as in French newspapers",
  titles: {
    male: "m, mm, monsieur, messieurs, mr, sieur, roi, prince, empereur, tsar, duc, archiduc, comte, vicomte, baron, marquis, chevalier, père, abbé, frère, pape, cardinal, archevêque, évêque, curé, maître, me, président, premier ministre, ministre, sénateur, député, maire, préfet, ambassadeur, docteur, professeur, général, maréchal, colonel, lieutenant-colonel, commandant, capitaine, lieutenant, sergent, caporal, amiral, vice-amiral, ingénieur, architecte, directeur, camarade, feu",
    female:
      "mme, mmes, madame, mesdames, mlle, mlles, mademoiselle, veuve, vve, reine, princesse, impératrice, duchesse, comtesse, vicomtesse, baronne, marquise, sœur, mère, abbesse, présidente, sénatrice, députée, ministre, directrice, ambassadrice, feue",
    either: "dr, pr, prof, saint, sainte, st, ste, ex",
  },
  particles: "de, du, des, d, la, le, les, l, et, en, à, sur",
  senior: "père, l'ancien, l'aîné, aîné, le vieux",
  junior: "fils, le jeune, cadet, puîné",
  maiden: "née, né",
  alias: "dit, dite, alias, surnommé, surnommée, de son vrai nom, connu sous le nom de",
  born: "né en, née en, né le, née le, né à, née à, né, née",
  died: "mort en, morte en, mort le, décédé, décédée, mort, morte",
  aged: "âgé de, âgée de, à l'âge de, ans",
  male: "il, son fils, homme, père, fils, mari, époux, frère, oncle, neveu, grand-père, veuf, garçon, acteur, comédien",
  female: "elle, femme, mère, fille, épouse, sœur, tante, nièce, grand-mère, veuve, actrice, comédienne",
  kin: "femme, épouse, mari, époux, fils, fille, père, mère, frère, sœur, frères, sœurs, jumeaux, veuve, oncle, tante, neveu, nièce, parents, enfants, père et fils, cousin, cousine",
  family: "famille, frères, sœurs, époux, couple, dynastie",
  and: "et, avec",
  places: "en, près de",
};
