import assert from "node:assert/strict";
import { test } from "node:test";
import type { ParseSourceOptions } from "../../../../src/sources/found_proxy.ts";
import { parseSource } from "../../../../src/sources/parse_source.ts";

type Found = [url: string, region?: string, asn?: number, city?: string];

function found(text: string, options: ParseSourceOptions = {}): Found[] {
  return parseSource(text, options).proxies.map(({ asn, city, region, url }) => {
    const all = [url, region ?? undefined, asn ?? undefined, city ?? undefined];
    while (all.at(-1) === undefined) all.pop();
    return all as Found;
  });
}

const A = "http://203.0.113.7:8080";
const B = "socks5://203.0.113.8:1080";

test("parseJson() reads every shape in use", () => {
  const shapes: [unknown, Found[]][] = [
    [["203.0.113.7:8080", "socks5://203.0.113.8:1080"], [[A], [B]]],
    [[{ ip: "203.0.113.7", port: 8080 }, { host: "203.0.113.8", port: "1080", protocol: "SOCKS5" }], [[A], [
      B,
    ]]],
    [{ proxies: [{ ip: "203.0.113.7", port: 8080, country_code: "US", country: "United States" }] }, [[
      A,
      "US",
    ]]],
    [{
      data: [{
        ip: "203.0.113.7",
        port: "8080",
        protocols: ["http"],
        country: "DE",
        asn: "AS64496",
        city: "Berlin",
      }],
    }, [[A, "DE", 64496, "Berlin"]]],
    [{ data: { proxies: ["203.0.113.7:8080"] } }, [[A]]],
    [{ total: 1, page: 1, whatever: ["203.0.113.7:8080"] }, [[A]]],
    [{ http: ["203.0.113.7:8080"], socks5: ["203.0.113.8:1080"], updated: "now" }, [[A], [B]]],
    [{ "203.0.113.7:8080": { country: "fr" }, "socks5://203.0.113.8:1080": {} }, [[A, "FR"], [B]]],
    [{ one: { ip: "203.0.113.7", port: 8080 }, two: { ip: "203.0.113.8", port: 1080, type: "socks5" } }, [
      [A],
      [B],
    ]],
    [{ ip: "203.0.113.7", port: 8080 }, [[A]]],
    [[["203.0.113.7", 8080], ["203.0.113.8", "1080"]], [[A], ["http://203.0.113.8:1080"]]],
    [[{ proxy: "203.0.113.7:8080", protocol: "http", geolocation: { country: "ZZ", city: "Unknown" } }], [[
      A,
    ]]],
    [[{
      protocol: "socks5",
      username: null,
      host: "203.0.113.8",
      port: 1080,
      geolocation: { continent: { code: "EU" }, country: { iso_code: "NL", names: { en: "Netherlands" } } },
      asn: { autonomous_system_number: 64496 },
    }], [[B, "NL", 64496]]],
    [[{
      ip_data: { countryCode: "SE", city: "Malmö", as: "AS64500 Example" },
      ip: "203.0.113.7",
      port: 8080,
    }], [[A, "SE", 64500, "Malmö"]]],
    [[{ url: "https://lists.example/page/7", ip: "203.0.113.7", port: 8080 }], [[A]]],
    [[{ ip: "2001:db8::7", port: 8080 }], [["http://[2001:db8::7]:8080"]]],
    [[{ ip: "203.0.113.7", port: 8080, username: "bob", password: "p@:/%" }], [[
      "http://bob:p%40%3A%2F%25@203.0.113.7:8080",
    ]]],
    [[{ ip: "203.0.113.7", port: 8080, type: "elite" }], [[A]]],
    [[], []],
    [{}, []],
    [null, []],
    [7, []],
    [{ message: "rate limited" }, []],
  ];
  for (const [shape, expected] of shapes) {
    const text = JSON.stringify(shape);
    assert.deepEqual(found(text, { format: "json" }), expected, text);
  }
});

test("parseJson() passes over bad entries and says which", () => {
  const text = JSON.stringify([
    "203.0.113.7:8080",
    "nonsense",
    7,
    null,
    { ip: "203.0.113.9" },
    { port: 80 },
    { ip: "203.0.113.9", port: 80, protocol: "vmess" },
    "socks5://203.0.113.8:1080",
  ]);
  const parsed = parseSource(text);
  assert.deepEqual(parsed.proxies.map(({ url }) => url), [A, B]);
  assert.deepEqual(parsed.rejected.map(({ line, reason }) => [line, reason.slice(0, 40)]), [
    [2, "the port is missing"],
    [3, "the entry is neither a text nor an objec"],
    [4, "the entry is neither a text nor an objec"],
    [5, "the port is missing"],
    [6, "the entry has neither a URL nor a host"],
    [7, "protocol must be one of http, https, soc"],
  ]);
});

test("parseJson() saves the whole entries of a text that was cut, and reads an object a line", () => {
  const objects =
    '[{"ip":"203.0.113.7","port":8080},{"ip":"203.0.113.8","port":1080,"protocol":"socks5"},{"ip":"203';
  assert.deepEqual(found(objects), [[A], [B]]);
  assert.equal(parseSource(objects).rejected[0]?.reason, "it is not valid JSON");
  assert.deepEqual(found('["203.0.113.7:8080","socks5://203.0.113.8:1080","203.0'), [[A], [B]]);
  const lines = '{"ip":"203.0.113.7","port":8080}\n{"ip":"203.0.113.8","port":1080,"protocol":"socks5"}\n';
  assert.deepEqual(found(lines), [[A], [B]]);
  assert.equal(parseSource(lines).rejectedCount, 0);
});

test("parseCsv() finds columns by their names, in any order, and whatever stands between them", () => {
  const texts = [
    "ip,port,protocol,country\n203.0.113.7,8080,http,US\n203.0.113.8,1080,socks5,DE",
    "Country;Port;IP Address;Type\r\nUnited States;8080;203.0.113.7;HTTP\r\nGermany;1080;203.0.113.8;SOCKS5\r\n",
    '"ip"\t"port"\t"protocols"\t"country_code"\n"203.0.113.7"\t"8080"\t"http"\t"us"\n203.0.113.8\t1080\tsocks5\tde',
    "ip|port|type|country|note\n203.0.113.7|8080|http|🇺🇸 USA|fast\n203.0.113.8|1080|socks5|🇩🇪|",
    "\ufeffproxy,country\nhttp://203.0.113.7:8080,US\nsocks5://203.0.113.8:1080,DE",
    "# made today\n\nhost,port,scheme,geo\n# comment\n203.0.113.7,8080,,US\n203.0.113.8,1080,socks5,DE",
    "203.0.113.7,8080,http,US\nsocks5,203.0.113.8,1080,no,DE",
    "http://203.0.113.7:8080,elite,US\nsocks5://203.0.113.8:1080,anonymous,DE",
  ];
  for (const text of texts) assert.deepEqual(found(text, { format: "csv" }), [[A, "US"], [B, "DE"]], text);
});

test("parseCsv() loses one row to a stray quote and no more", () => {
  const text =
    'ip,port,city\n203.0.113.7,8080,"Ber""lin"\n203.0.113.9,"80,Oops\n203.0.113.8,1080,"Paris, France"\n';
  assert.deepEqual(
    found(text),
    [[A, undefined, undefined, 'Ber"lin'], ["http://203.0.113.8:1080", undefined, undefined, "Paris, France"]]
      .map(([url, ...rest]) => [url, ...rest]),
  );
  assert.deepEqual(parseSource(text).rejected.map(({ line }) => line), [3]);
});

test("parseHtml() reads tables by their headers, tables without, nested ones, and pages without a table", () => {
  const pages: [string, Found[]][] = [
    [
      "<table class=x><thead><tr><th>IP Address</th><th>Port</th><th>Code</th><th>Country</th><th>Https</th></tr></thead>" +
      "<tbody><tr><td>203.0.113.7</td><td>8080</td><td>US</td><td>United States</td><td>no</td></tr></tbody></table>",
      [[A, "US"]],
    ],
    [
      "<table><tr><td>203.0.113.7<td>8080<td>HTTP<td>US<tr><td>203.0.113.8<td>1080<td>SOCKS5<td>Germany</table>",
      [[A, "US"], [B, "DE"]],
    ],
    ["<table><tr><td>203.0.113.7:8080</td></tr></table>", [[A]]],
    ["<table><tr><td>menu<td><table><tr><th>IP<th>Port<tr><td>203.0.113.7<td>8080</table></table>", [[A]]],
    [
      "<table><tr><th>Name<th>Age<tr><td>Bob<td>8080</table><table><tr><th>Proxy<th>Region<tr><td>203.0.113.7:8080<td>FR</table>",
      [[A, "FR"]],
    ],
    [
      "<table><tr><th>IP<th>Port</th></tr><tr><td> 203.0.113<b>.7</b>\n</td><td><a href=x>80</a>80</td></tr><tr><td colspan=2>Advertisement</table>",
      [[A]],
    ],
    [
      "<table><tr><th>IP<th>Port<tr><td><script>document.write('1')</script>203.0.113.7<td>8080<style>.x{}</style></table>",
      [[A]],
    ],
    ["<html><body><pre>203.0.113.7:8080\nsocks5://203.0.113.8:1080\n</pre>", [[A], [B]]],
    ["<p>203.0.113.7:8080<br>socks5://203.0.113.8:1080 US<br>12:30</p>", [[A], [B]]],
    ["<ul><li>203.0.113.7&#58;8080<li>read <a>https://lists.example/</a></ul>", [[A]]],
    ["<html><title>203.0.113.7:8080</title><h1>Nothing</h1>", []],
    ["<table><tr><th>IP<th>Port", []],
  ];
  for (const [page, expected] of pages) assert.deepEqual(found(page, { format: "html" }), expected, page);
});

test("parseHtml() says which rows are no proxy, under a header that promises some", () => {
  const { proxies, rejected } = parseSource(
    "<table><tr><th>IP<th>Port<tr><td>x y<td>80<tr><td>203.0.113.7<td>8080</table>",
  );
  assert.equal(proxies.length, 1);
  assert.deepEqual(rejected.map(({ line, reason }) => [line, reason]), [[
    2,
    "the host is neither a name nor an IP address",
  ]]);
});

test("parseText() takes the country that stands behind address and port", () => {
  const text =
    "203.0.113.7:8080:The Netherlands\n203.0.113.9:80:bob:secret\n203.0.113.10:80:Türkiye\n203.0.113.11:80:Atlantis\n";
  assert.deepEqual(found(text), [
    [A, "NL"],
    ["http://bob:secret@203.0.113.9:80"],
    ["http://203.0.113.10:80", "TR"],
    ["http://203.0.113.11:80"],
  ]);
});

test("parseText() counts lines over all its parts", () => {
  const text = "203.0.113.7:8080\r\n".repeat(150_000) + "bad line\n203.0.113.8:1080";
  const { duplicates, proxies, rejected } = parseSource(text, { format: "text" });
  assert.equal(proxies.length, 2);
  assert.equal(duplicates, 149_999);
  assert.deepEqual(rejected.map(({ line }) => line), [150_001]);
});
