import type { NameLanguage } from "./language.js";

export const de: NameLanguage = {
  code: "de",
  source: "written for this project; forms of address and ranks as in German newspapers since 1900",
  titles: {
    male: "herr, hr, herrn, hrn, graf, freiherr, frhr, fürst, prinz, könig, kaiser, zar, herzog, erzherzog, großherzog, kurfürst, markgraf, landgraf, pfalzgraf, ritter, edler, baron, junker, pater, bruder, papst, kardinal, erzbischof, bischof, abt, pfarrer, pastor, bürgermeister, oberbürgermeister, kanzler, bundeskanzler, reichskanzler, präsident, bundespräsident, reichspräsident, minister, ministerpräsident, außenminister, innenminister, staatssekretär, botschafter, senator, direktor, professor, doktor, kommerzienrat, geheimrat, hofrat, regierungsrat, studienrat, kammersänger, hauptmann, feldmarschall, generalfeldmarschall, oberst, oberstleutnant, leutnant, feldwebel, unteroffizier, rittmeister, kapitän, admiral, großadmiral, general, generalmajor, generalleutnant, ingenieur, architekt, trainer, abgeordneter, genosse, kollege, rabbiner, landrat, intendant, kronprinz, generaloberst, oberleutnant, hauptsturmführer, sturmbannführer, obersturmbannführer, gruppenführer, obergruppenführer, ss sturmbannführer, ss obersturmbannführer, ss gruppenführer, ss obergruppenführer, reichsführer, reichsführer ss, reichsmarschall, reichsminister, gauleiter, konteradmiral, vizeadmiral, vizekanzler, vizepräsident, bundesminister, verteidigungsminister, finanzminister, justizminister, wirtschaftsminister, generalsekretär, parteivorsitzender, geheimer hofrat, sanitätsrat, medizinalrat, justizrat, baurat, stadtrat, rektor, dekan, prälat, propst, monsignore",
    female:
      "frau, fr, fräulein, frl, gräfin, freifrau, freiin, fürstin, prinzessin, königin, kaiserin, zarin, herzogin, erzherzogin, großherzogin, markgräfin, baronin, baronesse, schwester, mutter, äbtissin, bürgermeisterin, oberbürgermeisterin, kanzlerin, bundeskanzlerin, präsidentin, bundespräsidentin, ministerin, ministerpräsidentin, außenministerin, staatssekretärin, botschafterin, senatorin, direktorin, professorin, doktorin, kammersängerin, ingenieurin, architektin, trainerin, abgeordnete, genossin, kollegin, pfarrerin, bischöfin, landrätin, intendantin, witwe, kronprinzessin, vizekanzlerin, vizepräsidentin, bundesministerin, verteidigungsministerin, finanzministerin, innenministerin, justizministerin, wirtschaftsministerin, generalsekretärin, parteivorsitzende, stadträtin, rektorin, dekanin",
    either:
      "dr, prof, dipl, dipl-ing, ing, mag, lic, med, phil, jur, rer, nat, h c, hc, mult, habil, em, a d, dres, st, sankt, alt, ex",
  },
  particles:
    "von, vom, zu, zum, zur, van, der, den, dem, und, auf, am, im, an, in, ob, aus, graf, gräfin, reichsgraf, freiherr, frhr, freifrau, freiin, fürst, fürstin, prinz, prinzessin, ritter, edler",
  senior: "sen, sr, senior, der ältere, die ältere, d ä, dä, der alte, vater",
  junior: "jun, jr, junior, der jüngere, die jüngere, d j, dj, sohn",
  maiden: "geb, geborene, geborener, geborne, verw, verwitwete, verh, verheiratete, vormals, gesch",
  alias: "genannt, gen, alias, auch, eigentlich, eig, sogenannt, bekannt als, mit bürgerlichem namen",
  born: "geboren, geb, geboren am, geboren in, jahrgang, jg",
  died: "gestorben, gest, verstorben, gefallen, tod",
  aged: "im alter von, jahre alt, jährige, jähriger, jährigen, alter",
  male: "er, sein, seine, seiner, seinem, seinen, ihm, mann, vater, sohn, ehemann, gatte, bruder, onkel, neffe, großvater, enkel, witwer, bräutigam, knabe, junge, schauspieler",
  female:
    "sie, ihre, ihr, ihrer, ihrem, ihren, frau, mutter, tochter, ehefrau, gattin, gemahlin, schwester, tante, nichte, großmutter, enkelin, witwe, braut, mädchen, schauspielerin",
  kin: "frau, ehefrau, gattin, gemahlin, mann, ehemann, gatte, sohn, tochter, vater, mutter, bruder, schwester, brüder, schwestern, geschwister, gebrüder, zwillinge, witwe, onkel, tante, neffe, nichte, eltern, kinder, enkel, enkelin, vater und sohn, mutter und tochter, eheleute, ehepaar, braut, vetter, cousin, cousine",
  family: "familie, gebrüder, brüder, geschwister, schwestern, ehepaar, eheleute, dynastie, zwillinge",
  and: "und, u, mit, sowie",
  both: "beide, jeweils",
  places: "in, im, aus, nahe, unweit",
  endings: "s>, es>, ens>, '>, 's>, n>, en>",
};
