import type { NameLanguage } from "./language.js";

export const fr: NameLanguage = {
  code: "fr",
  source: "written for this project; forms of address and ranks as in French newspapers",
  titles: {
    male: "m le professeur, m le docteur, m le président, m le ministre, m le maire, m le comte, m le baron, m le marquis, m le duc, m le général, m le préfet, m l'abbé, monsieur le professeur, monsieur le docteur, monsieur le président, monsieur le ministre, monsieur le maire, monsieur le comte, le président, le père, le comte, le roi, le prince, m, mm, monsieur, messieurs, mr, sieur, roi, prince, empereur, tsar, duc, archiduc, comte, vicomte, baron, marquis, chevalier, père, abbé, frère, pape, cardinal, archevêque, évêque, curé, président, ambassadeur, maréchal, amiral, vice-amiral, directeur, camarade, feu, monseigneur, mgr, le cardinal, le maréchal, le duc, le marquis, s a r le prince",
    female:
      "mme la ministre, mme la présidente, mme la comtesse, madame la ministre, madame la présidente, madame la comtesse, la comtesse, la reine, la princesse, mme, mmes, madame, mesdames, mlle, mlles, mademoiselle, veuve, vve, reine, princesse, impératrice, duchesse, comtesse, vicomtesse, baronne, marquise, sœur, mère, abbesse, présidente, sénatrice, députée, ministre, directrice, ambassadrice, feue, la duchesse, la marquise, la baronne, mme la baronne, mme la marquise, mme la duchesse",
    either:
      "le professeur, le docteur, le général, le colonel, le capitaine, maître, me, premier ministre, ministre, sénateur, député, maire, préfet, docteur, professeur, général, colonel, lieutenant-colonel, commandant, capitaine, lieutenant, sergent, caporal, ingénieur, architecte, dr, pr, prof, saint, sainte, st, ste, ex",
  },
  particles: "de, du, des, d, la, le, les, l, et, en, à, sur",
  senior: "père, l'ancien, l'aîné, aîné, le vieux",
  junior: "fils, le jeune, cadet, puîné",
  maiden: "née, né",
  alias: "dit, dite, alias, surnommé, surnommée, de son vrai nom, connu sous le nom de",
  born: "né en, née en, né le, née le, né à, née à, né, née, nés, nées",
  died: "mort en, morte en, mort le, décédé, décédée, mort, morte, morts, mortes, décédés, décédées",
  aged: "âgé de, âgée de, à l'âge de, ans",
  male: "il, son fils, homme, père, fils, mari, époux, frère, oncle, neveu, grand-père, veuf, garçon, acteur, comédien",
  female: "elle, femme, mère, fille, épouse, sœur, tante, nièce, grand-mère, veuve, actrice, comédienne",
  kin: "femme, épouse, mari, époux, fils, fille, père, mère, frère, sœur, frères, sœurs, jumeaux, veuve, oncle, tante, neveu, nièce, parents, enfants, père et fils, cousin, cousine",
  family: "famille, frères, sœurs, époux, couple, dynastie",
  and: "et, avec",
  both: "tous deux, toutes deux, tous les deux, toutes les deux",
  places: "en, près de",
};
