import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RegionDatabase, RegionDataError } from "../../../src/sources/region.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { tinyMmdb } from "./tiny_mmdb.ts";

const UNKNOWN = { region: null, city: null, asn: null };

test("RegionDatabase.locate() reads the records of MaxMind, ip-location-db and others", async () => {
  using dir = new TempDir();
  const path = dir.write(
    "a.mmdb",
    tinyMmdb({
      "203.0.113.0/24": { country: { iso_code: "DE" }, city: { names: { en: "Berlin" } } },
      "198.51.100.0/25": { country_code: "US", autonomous_system_number: 64496 },
      "198.51.100.128/25": { country: "fr", asn: "AS64497", city: "Paris" },
      "192.0.2.0/24": { country_code: "ZZ", city: "", autonomous_system_number: "none" },
      "2001:db8::/32": { country_code: "JP" },
    }),
  );
  const database = await RegionDatabase.open([path]);
  assert.deepEqual(database.locate("203.0.113.7"), { region: "DE", city: "Berlin", asn: null });
  assert.deepEqual(database.locate("198.51.100.1"), { region: "US", city: null, asn: 64496 });
  assert.deepEqual(database.locate("198.51.100.200"), { region: "FR", city: "Paris", asn: 64497 });
  assert.deepEqual(database.locate("[2001:db8::1]"), { region: "JP", city: null, asn: null });
  for (const host of ["192.0.2.1", "10.0.0.1", "8.8.8.8", "::1", "proxy.example", "", "1.2.3", "999.1.1.1"]) {
    assert.deepEqual(database.locate(host), UNKNOWN, host);
  }
});

test("RegionDatabase.locate() asks a file for IPv4 alone nothing about IPv6", async () => {
  using dir = new TempDir();
  const v4 = tinyMmdb({ "0.0.0.0/1": { country_code: "HK" }, "203.0.113.0/24": { country_code: "DE" } }, 4);
  const database = await RegionDatabase.open([
    dir.write("v4.mmdb", v4),
    dir.write("v6.mmdb", tinyMmdb({ "2001:db8::/32": { country_code: "JP" } })),
  ]);
  assert.equal(database.locate("203.0.113.7").region, "DE");
  // The first 32 bits of the address are no IPv4 address: 2001:db8:: is not 32.1.13.184.
  assert.equal(database.locate("2001:db8::1").region, "JP");
  assert.equal(database.locate("2001:db9::1").region, null);
  assert.equal(database.locate("::ffff:203.0.113.7").region, "DE", "IPv4 inside IPv6");
});

test("RegionDatabase.locate() believes no file about addresses that every network has", async () => {
  using dir = new TempDir();
  const records = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "fd00::/8",
    "fe80::/10",
  ];
  const everywhere = Object.fromEntries(records.map((range) => [range, { country_code: "AU" }]));
  const path = dir.write("a.mmdb", tinyMmdb({ ...everywhere, "127.0.0.0/8": { country_code: "NL" } }));
  const database = await RegionDatabase.open([path]);
  for (
    const host of ["10.1.2.3", "172.31.0.1", "192.168.1.1", "::ffff:192.168.1.1", "[fd00::1]", "fe80::1"]
  ) {
    assert.equal(database.locate(host).region, null, host);
  }
  assert.equal(database.locate("127.0.0.1").region, "NL");
});

test("RegionDatabase.locate() completes one file by the next, and believes the first", async () => {
  using dir = new TempDir();
  const database = await RegionDatabase.open([
    dir.write("country.mmdb", tinyMmdb({ "203.0.113.0/24": { country_code: "DE" } })),
    dir.write(
      "asn.mmdb",
      tinyMmdb({ "203.0.112.0/23": { autonomous_system_number: 64500, country_code: "FR" } }),
    ),
  ]);
  assert.deepEqual(database.locate("203.0.113.7"), { region: "DE", city: null, asn: 64500 });
  assert.deepEqual(database.locate("203.0.112.7"), { region: "FR", city: null, asn: 64500 });
  assert.deepEqual((await RegionDatabase.open([])).locate("203.0.113.7"), UNKNOWN);
});

test("RegionDatabase.open() names the file that is absent or broken", async () => {
  using dir = new TempDir();
  const whole = tinyMmdb({ "203.0.113.0/24": { country_code: "DE" } });
  const cases: [string, RegExp][] = [
    [dir.join("absent.mmdb"), /absent\.mmdb": there is no such file/],
    [dir.path, /it is a directory/],
    [dir.write("empty.mmdb", ""), /empty\.mmdb": it is no MaxMind DB file, or it is damaged/],
    [dir.write("text.mmdb", "hello"), /it is no MaxMind DB file/],
    [dir.write("cut.mmdb", whole.subarray(0, whole.length - 40)), /it is no MaxMind DB file/],
    [dir.write("tail.mmdb", whole.subarray(whole.length - 250)), /it is no MaxMind DB file/],
  ];
  for (const [path, message] of cases) {
    await assert.rejects(RegionDatabase.open([path]), (error) => {
      assert.ok(error instanceof RegionDataError);
      assert.match(error.message, message);
      return true;
    });
  }
});

test("RegionDatabase never throws in a look-up, whatever is damaged in a file", async () => {
  using dir = new TempDir();
  const whole = tinyMmdb({
    "203.0.113.0/24": { country_code: "DE" },
    "2001:db8::/32": { country_code: "JP" },
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        let database: RegionDatabase;
        try {
          database = await RegionDatabase.open([dir.write("damaged.mmdb", bytes)]);
        } catch (error) {
          assert.ok(error instanceof RegionDataError);
          return;
        }
        for (const host of ["203.0.113.7", "2001:db8::1", "8.8.8.8"]) {
          const { region } = database.locate(host);
          assert.ok(region === null || /^[A-Z]{2}$/.test(region));
        }
      },
    ),
    { numRuns: 60 },
  );
});
