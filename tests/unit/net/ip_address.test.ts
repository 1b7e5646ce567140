import assert from "node:assert/strict";
import { test } from "node:test";
import { isPrivateHost } from "../../../src/net/ip_address.ts";

const PRIVATE = [
  ...["127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"],
  ...["100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "198.18.0.1"],
  ...["::1", "[::1]", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "fec0::1"],
  ...["::ffff:127.0.0.1", "::ffff:7f00:1", "64:ff9b::10.0.0.1", "2002:7f00:1::", "::192.168.0.1"],
  ...[
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "printer.local",
    "db.internal",
    "router",
    "nas.lan",
    "x.home.arpa",
  ],
];

const PUBLIC = [
  ...[
    "203.0.113.7",
    "198.51.100.1",
    "192.0.2.1",
    "8.8.8.8",
    "172.32.0.1",
    "172.15.0.1",
    "100.63.0.1",
    "11.0.0.1",
  ],
  ...["2001:db8::1", "[2606:4700::1111]", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::"],
  ...["example.com", "proxy.example.com.", "localhost.example.com", "internal.example.com"],
];

test("isPrivateHost knows the addresses and names of a private network", () => {
  for (const host of PRIVATE) assert.equal(isPrivateHost(host), true, host);
});

test("isPrivateHost leaves public addresses, names and documentation ranges alone", () => {
  for (const host of PUBLIC) assert.equal(isPrivateHost(host), false, host);
});
