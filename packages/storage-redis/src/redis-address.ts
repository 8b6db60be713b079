import { isIP } from "node:net";

/** A url of another server of the same cluster: who logs in and how is the same. */
export function atAddress(url: string, address: string): string {
  const { host, port } = splitAddress(address);
  const other = new URL(url);
  // "MOVED 1 :6379" is at the host that said so.
  if (host !== "") other.hostname = isIP(host) === 6 ? `[${host}]` : host;
  other.port = port;
  return other.href;
}

/** Where a url leads, for comparing. */
export function toAddress(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === "" ? "6379" : port}`;
}

/** An address of version 6 has colons of its own. */
function splitAddress(address: string): { readonly host: string; readonly port: string } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: address.slice(colon + 1) };
}
