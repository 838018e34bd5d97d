import type { NameLanguage } from "./language.js";

export const pt: NameLanguage = {
  code: "pt",
  source: "written for this project; forms of address as in Portuguese and Brazilian newspapers",
  titles: {
    male: "sr, srs, senhor, senhores, dom, d, seu, rei, príncipe, imperador, duque, conde, visconde, barão, marquês, padre, pe, frei, irmão, papa, cardeal, arcebispo, bispo, doutor, professor, ministro, senador, deputado, prefeito, governador, vereador, embaixador, marechal, capitão, almirante, engenheiro, arquiteto, arquitecto, diretor, director, mestre, companheiro, camarada, o rei, o príncipe, o papa",
    female:
      "sra, sras, senhora, srta, senhorita, dona, menina, rainha, princesa, imperatriz, duquesa, condessa, viscondessa, baronesa, marquesa, madre, irmã, soror, doutora, professora, presidenta, ministra, senadora, deputada, prefeita, governadora, embaixadora, engenheira, arquiteta, diretora, mestra, companheira, viúva, a rainha, a princesa, a presidenta",
    either:
      "presidente, general, coronel, major, tenente, sargento, cabo, o presidente, o general, dr, dra, prof, profa, eng, arq, são, santo, santa, ex",
  },
  particles: "de, da, do, das, dos, e, di",
  senior: "sênior, pai, o velho",
  junior: "júnior, filho, neto, sobrinho, bisneto, o moço, o novo, jr",
  maiden: "nascida, nascido, em solteira",
  alias: "vulgo, alias, dito, dita, conhecido como, conhecida como, apelidado",
  born: "nascido em, nascida em, nascido, nascida, n, nasceu, nasceu em, nascidos, nascidas, nasceram",
  died: "morto em, morta em, falecido, falecida, faleceu, morreu, morreu em, m, falecidos, falecidas, morreram",
  aged: "anos, aos, com a idade de, de idade",
  male: "ele, homem, pai, filho, marido, esposo, irmão, tio, sobrinho, avô, viúvo, menino, ator, actor",
  female: "ela, mulher, mãe, filha, esposa, irmã, tia, sobrinha, avó, viúva, menina, atriz, actriz",
  kin: "esposa, mulher, marido, esposo, filho, filha, pai, mãe, irmão, irmã, irmãos, irmãs, gêmeos, gémeos, viúva, tio, tia, sobrinho, sobrinha, pais, filhos, pai e filho, primo, prima, casal",
  family: "família, irmãos, irmãs, casal, dinastia",
  and: "e, com",
  both: "ambos, ambas",
  places: "em, no, na, nos, nas",
};
