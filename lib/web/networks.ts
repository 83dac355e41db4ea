/** Addresses and networks (CIDR) of the internet protocol. */
import { BlockList, isIP } from "node:net";

/** Whether an address is in one of the networks: "10.0.0.0/8", "fd00::/8", or a single address. */
export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  for (const network of networks) {
    const [address, bits] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    list.addSubnet(address, bits === undefined ? (family === "ipv6" ? 128 : 32) : +bits, family);
  }
  return (address) => {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 6 ? "ipv6" : "ipv4");
  };
}

/** The address without what may stand around it: brackets, a port, a zone, and IPv6's way to write IPv4. */
export function plainAddress(text: string): string {
  const bracketed = /^\[([^\]]+)\](:\d+)?$/.exec(text);
  let address = bracketed ? bracketed[1] : text;
  if (/^\d+\.\d+\.\d+\.\d+:\d+$/.test(address)) address = address.slice(0, address.indexOf(":"));
  return address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}

/** What counts as one client: an IPv4 address, or the /64 that one IPv6 client has to itself. */
export function clientKey(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(":")) return plain;
  const [head, tail] = plain.split("::").map((part) => part === "" ? [] : part.split(":"));
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array(zeros).fill("0"), ...(tail ?? [])];
  return groups.slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(":") + "::/64";
}
