// Loaded before a program with `--import`: writes every name that Node.js looks up and every address that it connects or
// sends to into the file MMEL_STUB_TRACE, one per line. Does not see native code.
import dgram from "node:dgram";
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

const note = (line) => appendFileSync(process.env.MMEL_STUB_TRACE, `${line}\n`);

/** Calls `before` with the arguments of every call of a method. */
function watch(object, method, before) {
  const original = object[method];
  object[method] = function (...args) {
    before(args);
    return original.apply(this, args);
  };
}

for (const object of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
  for (const method of Object.getOwnPropertyNames(object))
    if (/^(?:lookup|resolve|reverse)/.test(method))
      watch(object, method, ([name]) => net.isIP(name) === 0 && note(`look-up of ${name}`));

watch(net.Socket.prototype, "connect", ([first, second]) => {
  const options = Array.isArray(first) ? first[0] : first; // Node.js itself passes its normalised arguments
  const { host = "localhost", port } =
    typeof options === "object" ? options : { port: options, host: second };
  if (port !== undefined) note(`${host}:${port}`);
});
watch(dgram.Socket.prototype, "send", (args) =>
  note(
    `packet to ${args
      .slice(1)
      .filter((part) => typeof part !== "function")
      .join(" ")}`,
  ),
);

syncBuiltinESMExports();
