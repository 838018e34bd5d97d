import type { NameLanguage } from "./language.js";

export const es: NameLanguage = {
  code: "es",
  source: "written for this project; forms of address as in Spanish and Latin American newspapers",
  titles: {
    male: "sr, sres, señor, señores, don, d, rey, príncipe, emperador, duque, conde, vizconde, barón, marqués, padre, fray, hermano, papa, cardenal, arzobispo, obispo, abad, licenciado, lic, doctor, profesor, maestro, ministro, senador, diputado, alcalde, gobernador, embajador, mariscal, mayor, almirante, ingeniero, arquitecto, director, compañero, camarada, expresidente, el rey, el príncipe, el papa, su majestad, su majestad el rey",
    female:
      "sra, sras, señora, srta, señorita, doña, dña, reina, princesa, emperatriz, duquesa, condesa, vizcondesa, baronesa, marquesa, madre, sor, hermana, licenciada, doctora, profesora, maestra, presidenta, ministra, senadora, diputada, alcaldesa, gobernadora, embajadora, ingeniera, arquitecta, directora, compañera, viuda, la reina, la princesa, la presidenta, su majestad la reina",
    either:
      "presidente, general, coronel, comandante, capitán, teniente, sargento, cabo, el presidente, el general, dr, dra, prof, profa, ing, arq, san, santo, santa, ex",
  },
  particles: "de, del, la, las, los, el, y, e, al",
  senior: "padre, el viejo, el mayor",
  junior: "hijo, h, el joven, el mozo, el menor",
  maiden: "nacida, de soltera",
  alias: "alias, llamado, llamada, conocido como, conocida como, apodado, el",
  born: "nacido en, nacida en, nacido el, nacida el, nacido, nacida, n, nació, nació en, nacidos, nacidas, nacieron",
  died: "muerto en, muerta en, fallecido, fallecida, falleció, murió, murió en, f, m, fallecidos, fallecidas, murieron, muertos, muertas",
  aged: "de edad, años, a los, a la edad de",
  male: "él, hombre, padre, hijo, esposo, marido, hermano, tío, sobrino, abuelo, viudo, niño, actor",
  female: "ella, mujer, madre, hija, esposa, hermana, tía, sobrina, abuela, viuda, niña, actriz",
  kin: "esposa, mujer, esposo, marido, hijo, hija, padre, madre, hermano, hermana, hermanos, hermanas, gemelos, viuda, tío, tía, sobrino, sobrina, padres, hijos, padre e hijo, primo, prima",
  family: "familia, hermanos, hermanas, esposos, matrimonio, dinastía",
  and: "y, e, con",
  both: "ambos, ambas, los dos, las dos",
  places: "en, desde, cerca de",
};
