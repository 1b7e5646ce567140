import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { encrypt } from "../../../support/fernet.ts";
import { fault, read, urls } from "./support.ts";

const PROXIES = [
  { url: "http://203.0.113.1:8080" },
  { url: "socks5://203.0.113.2:1080", username: "bob", password: "p@ss" },
];

function toToml(table: string): string {
  return PROXIES.map((proxy) => {
    const lines = Object.entries(proxy).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
    return `[[${table}]]\n${lines.join("")}`;
  }).join("\n");
}

test("A TOML list is the Python program's configuration, alone or in pyproject.toml", async () => {
  const expected = ["http://203.0.113.1:8080", "socks5://bob:p%40ss@203.0.113.2:1080"];
  for (const table of ["proxies", "tool.proxywhirl.proxies"]) {
    const list = await read("config.toml", `\uFEFF${toToml(table)}`);
    assert.deepEqual(urls(list), expected);
    assert.deepEqual(list.notes, []);
  }
  const plain = 'proxies = ["203.0.113.1:8080", { url = "socks5://bob:p%40ss@203.0.113.2:1080" }]';
  assert.deepEqual(urls(await read("x.toml", plain)), expected);
});

test("A TOML list says which settings and which file it leaves out", async () => {
  const list = await read(
    "config.toml",
    `timeout = 30\nproxy_file = "x.txt"\ncolor = true\n${toToml("proxies")}`,
  );
  assert.equal(list.notes.length, 2);
  assert.match(list.notes[0] ?? "", /proxy_file/);
  assert.match(list.notes[1] ?? "", /settings are not taken over \(timeout, color\)/);
});

test("A TOML list has its credentials decrypted when the key is there, and is refused by entry when not", async () => {
  const key = randomBytes(32).toString("base64url") + "=";
  const toml = `[[proxies]]\nurl = "http://203.0.113.1:8080"\nusername = "${encrypt("bob", key)}"\n` +
    `password = "${encrypt("hunter2", key)}"\n`;
  const open = await read("config.toml", toml, { keys: () => Promise.resolve(["AAAA", key]) });
  assert.deepEqual(urls(open), ["http://bob:hunter2@203.0.113.1:8080"]);
  const closed = await read("config.toml", toml);
  assert.deepEqual(closed.proxies, []);
  assert.match(closed.rejected[0]?.reason ?? "", /encrypted: set PROXYWHIRL_KEY/);
});

test("A TOML list that is broken is refused whole, with the place and without its text", async () => {
  const start = '[[proxies]]\nurl = "http://203.0.113.1:80"\n';
  assert.match(
    await fault("x.toml", `${start}password = "hunter2\n`),
    /^it is not valid TOML at line 3, column/,
  );
  assert.match(await fault("x.toml", `${start}[[proxies]\n`), /^it is not valid TOML at line 3, column/);
  assert.match(
    await fault("x.toml", `${start}password = hunter2\n`),
    /^it is not valid TOML at line 3, column/,
  );
  assert.doesNotMatch(await fault("x.toml", `${start}password = hunter2\n`), /hunter2/);
  assert.equal(await fault("x.toml", "timeout = 3\n"), "it has no [[proxies]]");
  assert.equal(
    await fault("x.toml", 'proxies = "203.0.113.1:80"\n'),
    "proxies must be a list of tables, not a text",
  );
  assert.equal(await fault("x.toml", "proxies = 5\n"), "proxies must be a list of tables, not a number");
  assert.equal(
    await fault("x.toml", "[proxies]\nurl = 1\n"),
    "proxies must be a list of tables, not a single table",
  );
  assert.equal(await fault("x.toml", " \r\n"), "it is empty");
});

test("A TOML list with values of the wrong type loses those entries alone", async () => {
  const list = await read(
    "x.toml",
    'proxies = [5, true, { url = 7 }, { url = ["a"] }, { url = "203.0.113.1:80", tags = "a", weight = "x" }]',
  );
  assert.deepEqual(urls(list), ["http://203.0.113.1:80"]);
  assert.deepEqual(list.rejected.map(({ line }) => line), [1, 2, 3, 4]);
});
