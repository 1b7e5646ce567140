import assert from "node:assert/strict";
import { test } from "node:test";
import { fault, read, urls } from "./support.ts";

test("A CSV list is read by the names of its columns, in any order and with any delimiter", async () => {
  const header = ["country", "port", "ip", "protocol", "username", "password", "health_status", "isp_name"];
  const row = ["Germany", "1080", "203.0.113.1", "socks5", "bob", "p@ss", "healthy", "Example"];
  for (const delimiter of [",", ";", "\t", "|"]) {
    const list = await read("x.csv", [header, row].map((cells) => cells.join(delimiter)).join("\n"));
    assert.deepEqual(urls(list), ["socks5://bob:p%40ss@203.0.113.1:1080"]);
    assert.equal(list.proxies[0]?.region, "DE");
    assert.equal(list.proxies[0]?.history?.state.status, "healthy");
    assert.deepEqual(list.notes, ["not taken over, since there is no counterpart: isp_name"]);
  }
});

test("A CSV list may quote delimiters, quotes and line breaks; rows are named by their line", async () => {
  const list = await read(
    "x.csv",
    'url,tags,last_health_error\r\n"http://bob:a,b""c@203.0.113.1:80","x y","timed\r\nout\r\nagain"\r\n\r\n' +
      'not a proxy,,\r\n203.0.113.2:80,"[""a b"",""c""]",\r\n',
  );
  assert.deepEqual(urls(list), ["http://bob:a%2Cb%22c@203.0.113.1:80", "http://203.0.113.2:80"]);
  assert.deepEqual(list.proxies.map(({ tags }) => tags), [["x", "y"], ["a b", "c"]]);
  assert.deepEqual(list.rejected.map(({ line }) => line), [6]);
});

test("A CSV list that export wrote for spreadsheets loses its apostrophes", async () => {
  const list = await read("x.csv", "url,tags\r\nhttp://203.0.113.1:80,'=1+1\r\n");
  assert.deepEqual(list.proxies[0]?.tags, ["=1+1"]);
});

test("A CSV row with too few or too many columns is refused, the others are taken", async () => {
  const list = await read(
    "x.csv",
    "ip,port\n203.0.113.1,80\n203.0.113.2\n203.0.113.3,80,x\n203.0.113.4,80\n",
  );
  assert.equal(list.proxies.length, 2);
  assert.deepEqual(list.rejected.map(({ line, reason }) => [line, reason]), [
    [3, "the row has 1 columns, the header 2"],
    [4, "the row has 3 columns, the header 2"],
  ]);
});

test("A CSV list with a quote out of place is refused whole, with the line and without its text", async () => {
  const start = "url,password\n203.0.113.1:80,a\n";
  assert.equal(
    await fault("x.csv", `${start}203.0.113.2:80,"hunter2\n203.0.113.3:80,b\n`),
    "the quote that opens in the row of line 3 is not closed",
  );
  assert.equal(
    await fault("x.csv", `${start}203.0.113.2:80,"${"x\n".repeat(200_000)}`),
    "the quote that opens in the row of line 3 is not closed",
  );
  assert.match(
    await fault("x.csv", `${start}203.0.113.2:80,"hunter2"x\n`),
    /^line 3 has text behind a closing/,
  );
  assert.match(
    await fault("x.csv", `${start}203.0.113.2:80,hunter"2\n`),
    /^line 3 has a quote in the middle/,
  );
  assert.equal(await fault("x.csv", ""), "it is empty");
  assert.match(await fault("x.csv", "a,b\n1,2\n"), /names no column with an address/);
});
