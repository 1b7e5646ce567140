import assert from "node:assert/strict";
import { test } from "node:test";
import { protocolOfFile } from "../../../src/cli/list_protocol.ts";

test("protocolOfFile reads the protocol from the name of the file", () => {
  const names = {
    "socks5.txt": "socks5",
    "/lists/SOCKS5_proxies.txt": "socks5",
    "socks5h.txt": "socks5h",
    "socks4.txt": "socks4",
    "socks4a.list": "socks4a",
    "http.txt": "http",
    "proxies.txt": "http",
    "-": "http",
    "/socks5/http.txt": "http",
    "C:\\lists\\socks4.txt": "socks4",
  };
  for (const [name, protocol] of Object.entries(names)) {
    assert.deepEqual(protocolOfFile(name), { protocol }, name);
  }
});

test("protocolOfFile reads https lists as http and says so", () => {
  const { protocol, remark } = protocolOfFile("lists/https.txt");
  assert.equal(protocol, "http");
  assert.match(remark ?? "", /lists\/https\.txt.*--protocol https means TLS to the proxy itself/);
});
