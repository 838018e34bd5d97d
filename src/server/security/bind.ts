import ipaddr from "ipaddr.js";
import { MmelError } from "../../core/index.js";

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback";
}

/** `CONFIG` for an address that others reach, unless callers need a token or the user said that it does not matter. */
export function checkBind(host: string, { tokens, insecure }: { tokens: number; insecure: boolean }): void {
  if (isLoopback(host) || tokens > 0 || insecure) return;
  throw new MmelError("CONFIG", {
    what: `others reach ${host}, and anyone could link and look up`,
    where: "--host",
    expected: "tokens for callers",
    hint: "--tokens FILE, or --insecure where the network itself is closed",
  });
}
