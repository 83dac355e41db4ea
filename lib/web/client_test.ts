import assert from "node:assert/strict";
import fc from "fast-check";
import { clientReader } from "./client.ts";
import { clientKey, inNetworks, plainAddress } from "./networks.ts";

const remote = (hostname: string): Deno.NetAddr => ({ transport: "tcp", hostname, port: 1 });

function read(
  trusted: string[],
  from: string,
  headers: Record<string, string> = {},
  url = "http://a/",
) {
  return clientReader(trusted)(new Request(url, { headers }), remote(from));
}

Deno.test("who is directly connected is the client; what it says of others is not believed", () => {
  const lies = { "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https" };
  assert.deepEqual(read([], "192.0.2.1"), {
    address: "192.0.2.1",
    secure: false,
    hidden: false,
  });
  assert.deepEqual(read([], "192.0.2.1", lies), {
    address: "192.0.2.1",
    secure: false,
    hidden: true,
  });
  assert.deepEqual(read(["10.0.0.0/8"], "192.0.2.1", lies).address, "192.0.2.1");
  assert.equal(read([], "192.0.2.1", {}, "https://a/").secure, true);
});

Deno.test("behind trusted proxies the client is the last address that is not one of theirs", () => {
  const proxies = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"];
  const table: [string, string][] = [
    ["203.0.113.9", "203.0.113.9"],
    ["203.0.113.9, 10.1.1.1", "203.0.113.9"],
    ["6.6.6.6, 203.0.113.9, 10.1.1.1, fd00::7", "203.0.113.9"],
    ["127.0.0.1, 203.0.113.9", "203.0.113.9"],
    ["203.0.113.9:4711", "203.0.113.9"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["10.2.2.2, 10.1.1.1", "10.2.2.2"],
    ["203.0.113.9, unknown, 10.1.1.1", "10.1.1.1"],
    ["203.0.113.9, <script>, ", "10.0.0.5"],
    ["", "10.0.0.5"],
  ];
  for (const [list, client] of table) {
    assert.equal(read(proxies, "10.0.0.5", { "X-Forwarded-For": list }).address, client, list);
  }
  assert.equal(
    read(proxies, "::ffff:10.0.0.5", { "X-Forwarded-For": "8.8.8.8" }).address,
    "8.8.8.8",
  );
});

Deno.test("TLS at a trusted proxy counts; the word nearest to it decides", () => {
  const proto = (value: string, from = "10.0.0.5") =>
    read(["10.0.0.0/8"], from, { "X-Forwarded-Proto": value }).secure;
  assert.equal(proto("https"), true);
  assert.equal(proto("HTTPS"), true);
  assert.equal(proto("https, http"), false);
  assert.equal(proto("http, https"), true);
  assert.equal(proto("https", "192.0.2.1"), false);
});

Deno.test("whatever the header holds, the client is an address, and a long list takes no time", () => {
  const proxies = ["0.0.0.0/0", "::/0"];
  fc.assert(fc.property(fc.string(), fc.boolean(), (text, trusted) => {
    const list = text.replace(/[^\x21-\x7e ,]/g, "?").trim();
    const { address } = read(trusted ? proxies : ["10.0.0.0/8"], "10.0.0.5", {
      "X-Forwarded-For": list,
    });
    assert.match(address, /^[0-9a-f.:]+$/i);
  }));
  const began = performance.now();
  read(proxies, "10.0.0.5", { "X-Forwarded-For": "1.1.1.1, ".repeat(10_000) });
  assert.ok(performance.now() - began < 200);
});

Deno.test("networks hold their addresses, however those are written", () => {
  const inside = inNetworks(["10.0.0.0/8", "192.0.2.7", "fd00::/8", "::1"]);
  for (const yes of ["10.255.0.1", "192.0.2.7", "::ffff:10.1.2.3", "fd12::1", "::1", "[::1]:80"]) {
    assert.equal(inside(yes), true, yes);
  }
  for (
    const no of ["11.0.0.1", "192.0.2.8", "fe80::1", "::2", "local", "", "10.0.0", "10.0.0.0.1"]
  ) {
    assert.equal(inside(no), false, no);
  }
  assert.equal(inNetworks([])("127.0.0.1"), false);
  assert.equal(plainAddress("fe80::1%eth0"), "fe80::1");
});

Deno.test("an IPv6 client is its /64 in any notation, an IPv4 client its address", () => {
  assert.equal(clientKey("192.0.2.1"), "192.0.2.1");
  assert.equal(clientKey("::ffff:192.0.2.1"), "192.0.2.1");
  const key = clientKey("2001:db8::1");
  for (const same of ["2001:db8::2", "2001:db8:0:0:ffff::", "2001:0db8:0000:0000:1:2:3:4"]) {
    assert.equal(clientKey(same), key, same);
  }
  for (const other of ["2001:db8:0:1::1", "2001:db9::1", "::1"]) {
    assert.notEqual(clientKey(other), key, other);
  }
});
