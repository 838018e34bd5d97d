import type { NameLanguage } from "./language.js";

export const hu: NameLanguage = {
  code: "hu",
  source: "written for this project; suffixes of names as in Hungarian school grammars",
  titles: {
    male: "úr, uram, király, herceg, császár, cár, gróf, báró, atya, testvér, pápa, bíboros, érsek, püspök",
    female:
      "asszony, úrnő, kisasszony, özv, özvegy, királyné, királynő, hercegnő, hercegné, császárné, grófnő, grófné, bárónő, bárónné, nővér, anya",
    either:
      "dr, prof, ifj, id, ozv, szent, elnök, miniszterelnök, miniszter, képviselő, polgármester, nagykövet, tábornok, tábornagy, ezredes, őrnagy, százados, kapitány, hadnagy, őrmester, tengernagy, mérnök, építész, igazgató, tanár, vitéz",
  },
  particles: "de, von",
  senior: "id, idősb, idősebb, öreg",
  junior: "ifj, ifjabb, ifjú",
  maiden: "szül, született, leánykori nevén",
  alias: "alias, más néven, művésznevén, eredeti nevén",
  born: "született, szül, sz, születtek",
  died: "meghalt, elhunyt, mh, meghaltak, elhunytak",
  aged: "éves, évesen, éves korában",
  male: "férfi, apa, fia, férje, férj, fivér, bátyja, öccse, nagybátyja, nagyapa, fiú, színész",
  female:
    "nő, anya, lánya, leánya, feleség, felesége, nővér, nővére, húga, nagynénje, nagyanya, özvegye, lány, színésznő",
  kin: "felesége, feleségével, férje, férjével, fia, fiával, lánya, lányával, apja, anyja, bátyja, öccse, fivére, nővére, húga, testvére, testvérek, ikrek, özvegye, szülei, gyermekei",
  family: "család, testvérek, fivérek, nővérek, házaspár",
  and: "és, meg, valamint",
  both: "mindketten, mindkettő",
  endings:
    "t>, ot>, et>, öt>, at>, nak>, nek>, val>, vel>, ban>, ben>, ról>, ről>, tól>, től>, hoz>, hez>, höz>, nál>, nél>, é>",
};
