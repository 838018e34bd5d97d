import type { Sex } from "./lexicon.js";

/**
 * Common given names by sex, folded, without names that are used for both sexes. Source: written for this project from
 * general knowledge of names in Europe and the Americas; no data file was used.
 */
const GIVEN_NAMES: Readonly<Record<Sex, readonly string[]>> = {
  female: [
    "ada adela adele agatha agnes agnieszka aileen aisha alberta aleksandra alexandra alice alicia alina alma amalia amanda amelia amy",
    "ana anastasia angela angelica anita ann anna anne annette annie antonia antoinette anya arlene astrid audrey aurora ayse barbara",
    "beata beatrice beatriz bertha berta betty birgit birgitta blanche bridget brigitte camila carla carlotta carmen carol carolina",
    "caroline carolyn catalina catherine cecilia cecile celeste celia charlotte chiara christina christine claire clara claudia clementine colette",
    "concepcion constance consuelo cornelia cynthia dagmar daisy danuta daphne deborah delphine denise diana diane dolores donna dora doris dorothea",
    "dorothy edith edna edwina eileen ekaterina elaine eleanor elena elfriede eliza elizabeth elisabeth elise ella ellen eloise elsa else elsie",
    "emilia emily emine emma erica erika esmeralda esther ethel eugenia eugenie eva eve evelina ewa fatima fatma felicia fiona flora",
    "florence frances francesca franziska freda frederica frida frieda gabriela gabriella gabrielle galina genevieve georgia geraldine gerda germaine",
    "gertrud gertrude gina giovanna gisela giulia gladys gloria grace greta gudrun gwendolyn halina hanna hannah hannelore harriet hatice hedwig",
    "heidi helen helena helene helga henrietta henriette hermine hilda hildegard ida ilona ilse ines inge ingeborg ingrid irena irene irina iris",
    "irma isabel isabella isabelle ivana ivy jacqueline jadwiga jana jane janet janice jeanne jeannette jennifer jessica joanna johanna",
    "josefa josefina josephine joyce juana judith judy julia juliana julie juliet julieta karin karolina katarina katarzyna kate katharina",
    "katherine kathleen kathryn katja kristin kristina kristine krystyna laura lena leonora leticia lidia lilian lillian lily lina linda lisa",
    "lise lotte louisa louise lucia lucie lucille lucy ludmila luisa lydia mabel madeleine magda magdalena malgorzata manuela marcella margaret",
    "margarete margarita margherita margit margot marguerite maria mariana marianne marie marielle marilyn marina marjorie marlene marta",
    "martha mary mathilde matilda maureen melanie mercedes michelle mildred milena millicent minna miriam mireille monica monika monique muriel",
    "myrtle nadia nadine nancy natalia natalie natasha nellie nicole nina nora norma odette olga olivia ottilie paloma pamela patricia paula pauline",
    "pearl penelope petra phoebe phyllis pilar polly priscilla rachel ramona rebecca regina renata renate rita roberta rosa rosalie rosalind rose",
    "rosemary roxana ruth sabine sally sandra sara sarah selma sharon sheila shirley sieglinde signe silvia sofia sonia sophia sophie stella",
    "stephanie sue susan susanna susanne suzanne sybil sylvia svetlana tamara tania tatiana teresa thelma theodora therese tina trudy ulrike ursula",
    "valentina valeria vanessa vera veronica veronika victoria viola violet virginia vivien wanda wilhelmina wilma winifred xenia yelena",
    "yolanda yvette yvonne zeynep zofia zoe zuzana анна мария елена ольга наталья татьяна екатерина софья ирина светлана людмила галина анастасия",
    "вера надежда любовь нина зинаида лидия александра клавдия оксана юлия марина тамара",
  ],
  male: [
    "aaron abel abraham adam adolf adrian ahmed alan albert alberto aldo alessandro alexander alexandre alexei alfonso alfred alfredo ali",
    "allan allen alois alvin amadeo anatole anders andre andreas andrei andrew andrzej angelo anthony anton antoine antonin antonio archibald",
    "aristide armand arnold arthur artur arturo august auguste augustus axel barry bartholomew bela benedict benito benjamin benno bernard bernardo",
    "bernd bernhard bertrand bill bjorn bob boris brad bradley brian bruce bruno burkhard carl carlo carlos casimir cecil cesar charles",
    "christian christoph christophe christopher clarence clement clemens clifford clyde colin conrad cornelius craig curt cyril dale damian",
    "daniel dario david denis dennis derek detlef diego dieter dietrich dimitri dirk dmitri domenico dominic donald douglas duncan dwight eberhard",
    "edgar edmond edmund eduard eduardo edward edwin egon elias elmer emanuel emil emile emilio emmanuel enrico enrique eric erich erik ernest",
    "ernesto ernst erwin eugen eugene evgeny fabian federico felix ferdinand fernand fernando fidel filippo francesco francisco francois frank franklin",
    "franz fred frederic frederick friedrich fritz gabriel gaston geoffrey georg george georges gerald gerard gerhard gerrit giacomo gianni gilbert",
    "giorgio giovanni giuseppe godfrey gordon graham gregor gregory grigory guido guillaume guillermo gunter gunther gustav gustave guy hans harald",
    "harold harry hassan heinrich heinz helmut hendrik henri henrik henry herbert heribert herman hermann herve hieronymus hiroshi horace horst howard",
    "hubert hugh hugo hussein ian ibrahim ignacio igor ingmar isaac isidor ismael ivan ivo jack jacob jacques jaime jakob jakub james janos",
    "jaroslav jason javier jeffrey jens jeremy jerome jerzy jim joachim joao joaquin jochen joe joel johann johannes john jon jonas jonathan",
    "jorge jose josef joseph joshua juan jules julian julien julio julius jurgen justin kai karel karl kaspar kazimierz keith kenneth kevin klaus",
    "knut konrad konstantin krzysztof kurt lars lawrence lech leo leon leonard leonardo leonid leopold leroy lester lev lewis lionel lorenzo",
    "lothar louis luca lucas lucien ludwig luigi luis lukas luke luther magnus malcolm manfred manuel marc marcel marcello marco marcus mario marius",
    "mark markus marshall martin matteo matthew matthias maurice mauricio max maxim maximilian mehmet melvin michael michel miguel mikhail",
    "miles milos milton miroslav mohamed mohammed moritz morris mortimer moses murray mustafa napoleon nathan nathaniel neil nicholas nicolas nigel",
    "nikolai nikolaus noah norbert norman olaf oleg oliver olivier orville oscar oskar oswald otto ottokar pablo paolo pascal patrick paul",
    "pavel pedro per percy peter petr philip philippe pierre pieter piero pietro piotr rafael rainer ralph ramon raoul raphael raul raymond reginald",
    "reinhard reinhold remy rene ricardo richard robert roberto roger roland rolf roman ronald rory ross rudolf rufus rupert russell samuel",
    "sebastian sergei sergio seymour sidney siegfried sigmund silvio simon stanislav stanislaw stanley stefan stefano stephen steven stuart sven",
    "tadeusz ted theo theodor theodore thomas tim timothy tobias todd tom tomas tommaso torsten trevor ulrich umberto uwe vaclav valery vasily",
    "vernon victor viktor vincent vincenzo vito vittorio vladimir wallace walter warren wayne werner wilbur wilhelm willem william willy winston",
    "wladyslaw wojciech wolfgang xavier yannis yuri yusuf yves zbigniew zoltan александр алексей андрей антон борис василий виктор владимир дмитрий",
    "евгений иван игорь илья константин лев леонид михаил николай олег павел петр роман сергей степан федор юрий",
  ],
};

const SEX_OF: ReadonlyMap<string, Sex> = new Map(
  (["female", "male"] as const).flatMap((sex) =>
    GIVEN_NAMES[sex].flatMap((line) => line.split(" ").map((name) => [name, sex] as const)),
  ),
);

/**
 * Returns the sex of people with a given name (folded), or undefined if the name is unknown or not specific to a sex.
 */
export const sexOfGivenName = (name: string): Sex | undefined => SEX_OF.get(name);
