import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";

import ipaddr from "ipaddr.js";
import { Agent } from "undici";

/** Why a request was not sent: it leads into a network that a document has no business in. */
class PrivateAddressError extends Error {
  override readonly name = "PrivateAddressError";
}

/** Whether everyone can reach the address: not this machine, a local network or a cloud's own service. */
function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "").split("%", 1)[0] ?? "";
  // An IPv4 address in an IPv6 one counts as what it is.
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === "unicast";
}

/** Throws where a URL names an address itself and it is not public. Names are checked when they are resolved. */
export function refusePrivateAddress({ hostname }: URL): void {
  const bare = hostname.replace(/^\[|\]$/g, "");
  if (isIP(bare) !== 0 && !isPublicAddress(bare)) throw privateAddress(hostname);
}

/** Connects to public addresses only. What was checked is what is connected to: a name is resolved once. */
export function createPublicAgent(options: Agent.Options): Agent {
  return new Agent({ ...options, connect: { lookup: checkedLookup } });
}

const checkedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "", 0);
    const [first] = addresses;
    if (!first || !addresses.every(({ address }) => isPublicAddress(address)))
      return callback(privateAddress(hostname), "", 0);
    if (options.all === true) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};

function privateAddress(hostname: string): PrivateAddressError {
  return new PrivateAddressError(
    `${hostname} is an address of this machine or of a private network`,
  );
}
