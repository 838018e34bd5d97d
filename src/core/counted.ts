/** Returns a number with a noun that agrees with it: "1 caption", "2 captions", "1 entity", "2 entities". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
