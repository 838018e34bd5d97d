/** Returns the address if it is an absolute http or https URL, which is safe to link to; otherwise undefined. */
export function webAddress(address: string | undefined): string | undefined {
  if (address === undefined || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  return address;
}
