import type { NameLanguage } from "./language.js";

export const it: NameLanguage = {
  code: "it",
  source: "written for this project; forms of address as in Italian newspapers",
  titles: {
    male: "sig, signor, signore, signori, sigg, don, re, principe, imperatore, duca, conte, visconte, barone, marchese, padre, frate, fra, fratello, papa, cardinale, arcivescovo, vescovo, abate, dottore, dott, professore, senatore, ambasciatore, direttore, cavaliere, cav, commendatore, comm, compagno, il re, il principe, il papa, il conte, il duca, monsignor, mons",
    female:
      "sig.ra, signora, signore, sig.na, signorina, donna, regina, principessa, imperatrice, duchessa, contessa, baronessa, marchesa, madre, suor, suora, sorella, dottoressa, dott.ssa, professoressa, avvocata, presidentessa, ministra, senatrice, deputata, sindaca, ambasciatrice, direttrice, maestra, compagna, vedova, ved, la regina, la principessa, la contessa",
    either:
      "avvocato, avv, presidente, ministro, deputato, sindaco, prefetto, generale, maresciallo, colonnello, maggiore, capitano, tenente, sergente, caporale, ammiraglio, ingegnere, architetto, maestro, onorevole, il presidente, il generale, dr, prof, ing, arch, on, san, santo, santa, ex",
  },
  particles: "di, de, da, del, della, dei, degli, delle, dal, dalla, lo, la, le, li, d, dell, e",
  senior: "senior, il vecchio, il maggiore, padre",
  junior: "junior, il giovane, il minore, figlio",
  maiden: "nata, nato",
  alias: "detto, detta, alias, soprannominato, soprannominata, noto come, nota come, il",
  born: "nato nel, nata nel, nato il, nata il, nato a, nata a, nato, nata, n, nati, nate",
  died: "morto nel, morta nel, morto, morta, deceduto, deceduta, m, morti, morte, deceduti, decedute",
  aged: "anni, all'età di, di anni",
  male: "egli, lui, uomo, padre, figlio, marito, sposo, fratello, zio, nipote, nonno, vedovo, ragazzo, attore",
  female: "ella, lei, donna, madre, figlia, moglie, sposa, sorella, zia, nonna, vedova, ragazza, attrice",
  kin: "moglie, marito, figlio, figlia, padre, madre, fratello, sorella, fratelli, sorelle, gemelli, vedova, zio, zia, nipote, genitori, figli, padre e figlio, cugino, cugina, coniugi",
  family: "famiglia, fratelli, sorelle, coniugi, dinastia",
  and: "e, ed, con",
  both: "entrambi, entrambe",
  places: "in, presso",
};
