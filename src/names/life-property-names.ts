/**
 * Names of properties, and their ids in Wikidata. Names of places of birth and death are not included. Source: written
 * for this project from general knowledge.
 */
export const LIFE_PROPERTY_NAMES: Readonly<Record<"birth" | "death" | "life", string>> = {
  birth:
    "birth, born, dob, birth date, birth year, birthday, date of birth, year of birth, p569, geburt, geboren, geburtsdatum, geburtsjahr, " +
    "geburtstag, naissance, né, née, date de naissance, année de naissance, nacimiento, nacido, fecha de nacimiento, fecha nacimiento, " +
    "año de nacimiento, nascita, nato, data di nascita, anno di nascita, nascimento, data de nascimento, data nascimento, ano de nascimento, " +
    "geboorte, geboortedatum, geboortejaar, urodzony, urodzona, urodzenie, data urodzenia, rok urodzenia, narození, narozen, datum narození, " +
    "rok narození, рождение, родился, дата рождения, год рождения, народження, дата народження, рік народження, doğum, doğum tarihi, " +
    "doğum yılı, født, fødselsdato, fødselsår, född, födelsedatum, födelseår, syntynyt, syntymäaika, syntymävuosi, született, születés, " +
    "születési dátum, születési idő, γέννηση, ημερομηνία γέννησης, الميلاد, تاريخ الميلاد, تاريخ الولادة",
  death:
    "death, died, dod, death date, death year, date of death, year of death, p570, tod, gestorben, todesdatum, todesjahr, sterbedatum, " +
    "sterbejahr, décès, mort, date de décès, date de mort, année de décès, fallecimiento, muerte, fecha de fallecimiento, fecha de muerte, " +
    "fecha de defunción, morte, data di morte, anno di morte, falecimento, data de falecimento, data da morte, data de morte, overlijden, " +
    "overleden, overlijdensdatum, sterfdatum, sterfjaar, zgon, data śmierci, data zgonu, rok śmierci, úmrtí, datum úmrtí, rok úmrtí, " +
    "смерть, дата смерти, год смерти, дата смерті, рік смерті, ölüm, ölüm tarihi, ölüm yılı, død, dødsdato, dødsår, död, dödsdatum, dödsår, " +
    "kuollut, kuolinaika, kuolinvuosi, meghalt, halál, halálozási dátum, θάνατος, ημερομηνία θανάτου, الوفاة, تاريخ الوفاة",
  life: "life, lifespan, life span, life dates, lifetime, lebensdaten, dates de vie, vital dates, estremi biografici, levensjaren, dane życia, годы жизни, роки життя",
};
