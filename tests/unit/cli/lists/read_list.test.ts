import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { fault, read, urls } from "./support.ts";

const JSON_LIST = '[{"ip": "203.0.113.1", "port": 80}]';
const CSV_LIST = "ip,port\r\n203.0.113.1,80\r\n";
const TOML_LIST = '[[proxies]]\nurl = "http://203.0.113.1:80"\n';
const TEXT_LIST = "203.0.113.1:80\n";
const LISTS = { json: JSON_LIST, csv: CSV_LIST, toml: TOML_LIST, text: TEXT_LIST } as const;

test("readList tells the form of a list by its content, whatever its name", async () => {
  for (const [format, content] of Object.entries(LISTS)) {
    for (const name of ["list.txt", "stdin", "list"]) {
      const list = await read(name, content);
      assert.equal(list.format, format, name);
      assert.deepEqual(urls(list), ["http://203.0.113.1:80"]);
    }
  }
  const others: readonly (readonly [string, string])[] = [
    ["[2001:db8::1]:8080\n", "text"],
    ["[2001:db8::1]\n", "text"],
    ["# my proxies\n203.0.113.1:80\n", "text"],
    ["203.0.113.1,80\n", "text"],
    ["203.0.113.1:80 # = none\n", "text"],
    ['# settings\n\n[tool.proxywhirl]\nproxies = [{ url = "http://203.0.113.1:80" }]\n', "toml"],
    ['timeout = 30\n[[proxies]]\nurl = "http://203.0.113.1:80"\n', "toml"],
    ['{"ip": "203.0.113.1", "port": 80}\n{"ip": "203.0.113.2", "port": 80}\n', "json"],
    ["URL;Country\nhttp://203.0.113.1:80;DE\n", "csv"],
    ["", "text"],
  ];
  for (const [content, format] of others) assert.equal((await read("x", content)).format, format, content);
});

test("readList takes the extension before the content, and the wish before both", async () => {
  assert.match(await fault("list.json", TEXT_LIST), /^it is not valid JSON at line 1/);
  assert.match(await fault("list.csv", TEXT_LIST), /names no column with an address/);
  assert.match(await fault("list.toml", TEXT_LIST), /^it is not valid TOML at line 1/);
  assert.equal((await read("list.json", TEXT_LIST, { format: "text" })).proxies.length, 1);
  assert.equal((await read("list.txt", CSV_LIST, { format: "csv" })).proxies.length, 1);
  assert.match(await fault("list.txt", JSON_LIST, { format: "csv" }), /names no column|not valid CSV|quote/);
  assert.match(await fault("proxies.yaml", "- url: http://203.0.113.1:80\n"), /^YAML is not read/);
});

test("readList reads UTF-8 and UTF-16, with and without a mark, and CRLF", async () => {
  const swap = (bytes: Buffer) => Buffer.from(bytes).swap16();
  for (const content of Object.values(LISTS)) {
    const lines = content.replaceAll(/\r?\n/g, "\r\n");
    const utf16 = Buffer.from(lines, "utf16le");
    const encodings: readonly Uint8Array[] = [
      Buffer.from(lines),
      Buffer.from("\uFEFF" + lines),
      Buffer.from("\uFEFF" + lines, "utf16le"),
      swap(Buffer.from("\uFEFF" + lines, "utf16le")),
      utf16,
      swap(utf16),
    ];
    for (const [index, bytes] of encodings.entries()) {
      assert.deepEqual(urls(await read("list", bytes)), ["http://203.0.113.1:80"], `${index}: ${content}`);
    }
  }
});

test("readList keeps letters of another encoding in a password, and says so", async () => {
  const list = await read("list.txt", Buffer.from("http://bob:caf\xe9@203.0.113.1:80", "latin1"));
  assert.deepEqual(urls(list), ["http://bob:caf%C3%A9@203.0.113.1:80"]);
  assert.match(list.notes.join(), /not UTF-8 and was read as Windows-1252/);
  assert.deepEqual((await read("list.txt", "http://bob:café@203.0.113.1:80")).notes, []);
});

test("readList refuses what is no text, and says what it is", async () => {
  assert.match(await fault("x", Buffer.from("SQLite format 3\0....")), /a database; use it with --db/);
  assert.match(await fault("x", Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2)), /compressed/);
  assert.match(await fault("x", Buffer.from("PK\x03\x04zip")), /compressed/);
  assert.match(await fault("x", Uint8Array.of(1, 0, 0, 3, 0, 0)), /no text/);
  assert.match(await fault("x", Uint8Array.of(0xff, 0xfe, 0, 0, 65, 0, 0, 0)), /UTF-32/);
  assert.match(await fault("x", Uint8Array.of(0xff, 0xfe, 65)), /cut off/);
  const token = "gAAAAA" + "Bk".repeat(50) + "==";
  assert.match(await fault("proxies.json", token), /encrypted as a whole/);
});

test("readList reads the headings of the Python program's all.txt", async () => {
  const list = await read(
    "all.txt",
    "# HTTP Proxies (2)\r\n203.0.113.1:80\r\n203.0.113.2:80\r\n\r\n# SOCKS4 Proxies (1)\r\n203.0.113.1:80\r\n" +
      "\r\n# SOCKS5 Proxies (2)\r\n203.0.113.3:1080\r\nnonsense line\r\n203.0.113.3:1080\r\n",
  );
  assert.deepEqual(urls(list), [
    "http://203.0.113.1:80",
    "http://203.0.113.2:80",
    "socks4://203.0.113.1:80",
    "socks5://203.0.113.3:1080",
  ]);
  assert.deepEqual([list.lines, list.duplicates], [6, 1]);
  assert.deepEqual(list.rejected.map(({ line }) => line), [10]);
});
