import type { NameLanguage } from "./language.js";

export const nl: NameLanguage = {
  code: "nl",
  source: "written for this project; forms of address as in Dutch newspapers",
  titles: {
    male: "dhr, heer, de heer, meneer, mijnheer, koning, prins, keizer, hertog, graaf, burggraaf, baron, markies, jonkheer, jhr, ridder, pater, broeder, pastoor, dominee, ds, paus, kardinaal, aartsbisschop, bisschop, abt, burgemeester, minister, minister-president, premier, senator, wethouder, ambassadeur, generaal, maarschalk, kolonel, majoor, kapitein, luitenant, sergeant, korporaal, admiraal, schout-bij-nacht, ingenieur, architect, directeur, kameraad, wijlen, de koning, kroonprins",
    female:
      "mevr, mevrouw, mw, mej, mejuffrouw, juffrouw, weduwe, wed, koningin, prinses, keizerin, hertogin, gravin, barones, markiezin, jonkvrouw, freule, zuster, moeder, abdis, directrice, de koningin, kroonprinses",
    either: "dr, drs, prof, ir, ing, bc, sint, st, oud, ex, vice",
  },
  particles:
    "van, de, der, den, het, 't, ten, ter, te, 's, op, in, aan, voor, bij, uit, over, onder, v, vd, v d, en, la, le",
  senior: "sr, senior, de oude, de oudere, vader",
  junior: "jr, junior, jzn, zoon, de jonge, de jongere",
  maiden: "geboren, geb, meisjesnaam",
  alias: "alias, genaamd, gezegd, bijgenaamd, bekend als",
  born: "geboren in, geboren op, geboren te, geboren, geb",
  died: "overleden, gestorven, overl, gest",
  aged: "jaar oud, jarige, leeftijd, op de leeftijd van",
  male: "hij, zijn, hem, man, vader, zoon, echtgenoot, broer, oom, neef, grootvater, grootvader, weduwnaar, jongen, acteur",
  female:
    "zij, haar, vrouw, moeder, dochter, echtgenote, zus, zuster, tante, nicht, grootmoeder, weduwe, meisje, actrice",
  kin: "vrouw, echtgenote, man, echtgenoot, zoon, dochter, vader, moeder, broer, zus, zuster, broers, zussen, gebroeders, tweeling, weduwe, oom, tante, neef, nicht, ouders, kinderen, vader en zoon, echtpaar",
  family: "familie, gebroeders, broers, zusters, echtpaar, gezin",
  and: "en, met",
  both: "beide, beiden, allebei",
  places: "in, te, uit, nabij",
  endings: "'s>, s>",
};
