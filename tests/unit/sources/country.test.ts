import assert from "node:assert/strict";
import { test } from "node:test";
import { countryCode } from "../../../src/sources/country.ts";

test("countryCode() reads codes, names and flags, and leaves the rest unknown", () => {
  const known: Record<string, string> = {
    "US": "US",
    "us": "US",
    " De ": "DE",
    "UK": "GB",
    "United States": "US",
    "united states of america": "US",
    "USA": "US",
    "Vietnam": "VN",
    "Viet Nam": "VN",
    "Korea, Republic of": "KR",
    "South Korea": "KR",
    "Hong Kong": "HK",
    "Türkiye": "TR",
    "Turkey": "TR",
    "Czechia": "CZ",
    "Russian Federation": "RU",
    "France": "FR",
    "Benin": "BJ",
    "Zimbabwe": "ZW",
    "🇸🇪": "SE",
    "🇺🇸 somewhere": "US",
  };
  for (const [text, code] of Object.entries(known)) assert.equal(countryCode(text), code, text);
  for (
    const text of [
      "",
      "-",
      "ZZ",
      "XX",
      "EU",
      "QX",
      "Unknown",
      "N/A",
      "Atlantis",
      "1",
      "SU",
      "x".repeat(99),
      "🇿🇿",
    ]
  ) {
    assert.equal(countryCode(text), undefined, text);
  }
});
