/** Maximum number of characters that a message repeats from one piece of input. */
const ECHO = 200;
/** Maximum number of characters of one part of a message, such as the description of a problem. */
const PART = 1000;

/** Quoted text, or text without spaces. Quotes inside a word, as in "can't", do not begin quoted text. */
const PIECE = /"(?:[^"\\]|\\[\s\S])*"|'[^']*'|`[^`]*`|\S+/g;

/**
 * Shortens the input that a message repeats: quoted text and text without spaces to 200 characters, and the message to
 * 1,000. Keeps the end, which often says more than the middle: the name of a file, or the line.
 */
export function cutEchoes(message: string): string {
  if (message.length <= ECHO) return message;
  return cut(
    cut(message, 20 * PART).replace(PIECE, (piece) => cut(piece, ECHO)),
    PART,
  );
}

/** Shortens a text that is nothing but input, such as a path or an id, to 200 characters. Keeps its end. */
export const cutEcho = (text: string): string => cut(text, ECHO);

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.floor(length / 4);
  return `${text.slice(0, length - end - 1).replace(/\p{Surrogate}$/u, "")}…${text.slice(-end).replace(/^\p{Surrogate}/u, "")}`;
}
