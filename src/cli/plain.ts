// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside without what could steer a terminal or turn the line around. */
export function plain(text: string): string {
  return text.replace(CONTROL, " ");
}
