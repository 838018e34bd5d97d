/**
 * Returns a function that makes texts distinct: a text that was returned before gets the first number from 2 that makes
 * it new, with `numbered`.
 */
export function createDistinct(numbered: (text: string, number: number) => string): (text: string) => string {
  const numbers = new Map<string, number>();
  const taken = new Set<string>();
  return (text) => {
    let number = numbers.get(text) ?? 0;
    let made: string;
    do {
      number += 1;
      made = number === 1 ? text : numbered(text, number);
    } while (taken.has(made));
    numbers.set(text, number);
    taken.add(made);
    return made;
  };
}
