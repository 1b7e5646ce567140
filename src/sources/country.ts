/**
 * Reads a country as lists write it: `US`, `us`, `United States`, `🇺🇸 USA`. What is not surely a country stays
 * unknown: `ZZ`, `Unknown`, `EU`, `N/A`.
 */

/** What lists write besides the names that the platform knows. */
const ALIASES: Readonly<Record<string, string>> = {
  "usa": "US",
  "u.s.a.": "US",
  "united states of america": "US",
  "uk": "GB",
  "great britain": "GB",
  "england": "GB",
  "russian federation": "RU",
  "viet nam": "VN",
  "korea": "KR",
  "republic of korea": "KR",
  "korea, republic of": "KR",
  "czech republic": "CZ",
  "turkey": "TR",
  "türkiye": "TR",
  "hong kong": "HK",
  "macao": "MO",
  "macau": "MO",
  "taiwan, province of china": "TW",
  "iran, islamic republic of": "IR",
  "islamic republic of iran": "IR",
  "syrian arab republic": "SY",
  "moldova, republic of": "MD",
  "republic of moldova": "MD",
  "bolivia, plurinational state of": "BO",
  "venezuela, bolivarian republic of": "VE",
  "tanzania, united republic of": "TZ",
  "lao people's democratic republic": "LA",
  "palestine": "PS",
  "palestine, state of": "PS",
  "myanmar": "MM",
  "burma": "MM",
  "congo": "CG",
  "the netherlands": "NL",
  "bosnia and herzegovina": "BA",
  "ivory coast": "CI",
  "macedonia": "MK",
  "swaziland": "SZ",
  "uae": "AE",
};

/** Codes that the platform has a name for and that are no country: groups, tests, and what is no longer. */
const NOT_COUNTRIES: ReadonlySet<string> = new Set(
  "AN BU CS DD DY EU EZ FX HV NH NT QO RH SU TP UK UN VD XA XB XX YD YU ZR ZZ".split(" "),
);

let names: ReadonlyMap<string, string> | undefined;

/** The country as ISO 3166-1 alpha-2, upper case; undefined for what is none. */
export function countryCode(text: string): string | undefined {
  const wanted = text.trim();
  if (wanted.length < 2 || wanted.length > 60) return undefined;
  const known = names ??= countryNames();
  if (wanted.length === 2) {
    const code = wanted.toUpperCase();
    if (code === "UK") return "GB";
    return known.has(code.toLowerCase()) ? code : undefined;
  }
  return flagCode(wanted) ?? known.get(wanted.toLowerCase());
}

/** `🇺🇸` is made of two letters out of a row of their own. */
function flagCode(text: string): string | undefined {
  const flag = /([\u{1f1e6}-\u{1f1ff}])([\u{1f1e6}-\u{1f1ff}])/u.exec(text);
  if (flag === null) return undefined;
  const letters = [flag[1], flag[2]].map((letter) => (letter?.codePointAt(0) ?? 0) - 0x1f1e6 + 65);
  return countryCode(String.fromCharCode(...letters));
}

/** Codes and names, in lower case, each with its code. The platform knows them: no table of our own to go stale. */
function countryNames(): ReadonlyMap<string, string> {
  const inEnglish = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  const found = new Map<string, string>();
  for (let i = 0; i < 26 * 26; i++) {
    const code = String.fromCharCode(65 + Math.floor(i / 26), 65 + i % 26);
    const name = NOT_COUNTRIES.has(code) ? undefined : inEnglish.of(code);
    if (name === undefined) continue;
    found.set(code.toLowerCase(), code);
    found.set(name.toLowerCase(), code);
  }
  for (const [name, code] of Object.entries(ALIASES)) found.set(name, code);
  return found;
}
