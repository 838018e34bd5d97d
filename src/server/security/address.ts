import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { MmelError } from "../../core/index.js";

/** Finds the addresses of a name, as `node:dns` does with `all`. */
export type Resolve = (name: string) => Promise<readonly { address: string; family: number }[]>;

/** Whether an address is one of the public internet: not private, loopback, link-local, shared, or a way around that. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

export const resolveName: Resolve = (name) =>
  new Promise((resolve, reject) => {
    lookup(name, { all: true, verbatim: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

/**
 * A look-up for connections that gives an address only if all of the name's are allowed. What it gives is what is connected
 * to: a name server that answers otherwise the next time changes nothing.
 */
export function guardedLookup(resolve: Resolve, allowed: (address: string) => boolean): LookupFunction {
  return (name, { all }, callback) => {
    const look = async (): Promise<readonly { address: string; family: number }[]> => {
      const found = await resolve(name);
      if (found.length === 0 || !found.every(({ address }) => allowed(address))) throw refused(name);
      return found;
    };
    look().then(
      (found) => (all ? callback(null, [...found]) : callback(null, found[0]!.address, found[0]!.family)),
      (error) => callback(error, ""),
    );
  };
}

export const refused = (name: string): MmelError =>
  new MmelError("FORBIDDEN", {
    what: `${name} is no address of the public internet`,
    expected: "one that is neither private, nor loopback, nor link-local",
  });
