import type { NameLanguage } from "./language.js";

/** Danish, Norwegian and Swedish in one table, because they share most of these words. */
export const nordic: NameLanguage = {
  code: "da",
  source: "written for this project; forms of address as in Danish, Norwegian and Swedish newspapers",
  titles: {
    male: "hr, herr, herre, kong, konge, kung, prins, kejser, kejsare, keiser, hertug, hertig, greve, baron, friherre, fader, broder, bror, pave, påve, biskop, ærkebiskop, ärkebiskop, statsminister, minister, borgmester, borgermester, borgmästare, general, oberst, överste, major, kaptajn, kaptein, kapten, løjtnant, løytnant, löjtnant, admiral, ingeniør, ingenjör, arkitekt, direktør, direktör, professor, kronprins, kronprinsen, prinsen, kungen, kongen",
    female:
      "fru, frk, frøken, fröken, dronning, drottning, prinsesse, prinsessa, kejserinde, hertuginde, hertiginna, grevinde, grevinna, baronesse, friherrinna, søster, syster, moder, mor, kronprinsesse, kronprinsessa, kronprinsessan, prinsessan, drottningen, dronningen",
    either: "dr, prof, sankt, skt, s:t, fhv, f.d., h k h, hkh",
  },
  particles: "af, av, von, de, til, och, og",
  senior: "d æ, den ældre, den eldre, den äldre, d ä, senior, sen",
  junior: "d y, den yngre, junior, jun",
  maiden: "født, f, fødd, född, fødte, ogift",
  alias: "kaldet, kalt, kallad, alias, også kaldt, egentlig, eg",
  born: "født i, født den, født, f, född, fødd, fødte, födda",
  died: "død, d, død i, död, avliden, døde, avlidna",
  aged: "år, år gammel, år gammal, årig, årige, åriga, i en alder af",
  male: "han, hans, ham, honom, mand, mann, man, far, fader, søn, sønn, son, ægtemand, make, bror, onkel, nevø, farfar, enkemand, dreng, pojke",
  female:
    "hun, hon, hendes, hennes, hende, henne, kvinde, kvinne, kvinna, mor, moder, datter, dotter, hustru, kone, søster, syster, tante, niece, enke, änka, pige, flicka, skuespillerinde, skådespelerska",
  kin: "hustru, kone, mand, søn, sønn, son, datter, dotter, far, mor, bror, brødre, brødrene, bröder, bröderna, søster, søstre, syster, systrar, søskende, syskon, tvillinger, tvillingar, enke, änka, forældre, föräldrar, børn, barn, far og søn, fætter, kusin",
  family: "familien, familie, familj, brødrene, bröderna, søstrene, systrarna, ægteparret, paret",
  and: "og, och, med",
  both: "begge, båda, både",
  places: "i",
  endings: "s>, 's>, '>",
};
