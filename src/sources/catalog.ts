/**
 * Public lists, as data. All are somebody else's work, change every few minutes to hours, and hold mostly dead
 * proxies: what a list is worth shows when its proxies are tried, and is remembered.
 *
 * A licence is named only where it was read. `https` in the name of a list means HTTP proxies that tunnel HTTPS.
 */

import type { Protocol } from "../core/mod.ts";
import type { ProxySource } from "./source.ts";

const RAW = "https://raw.githubusercontent.com/";

type Details = Pick<ProxySource, "isRecommended" | "licence">;
type Row = readonly [name: string, path: string, details?: Details];

/** Files in repositories, a proxy a line, by what they hold. */
const REPOSITORY_LISTS: Readonly<Record<"http" | "https" | "socks4" | "socks5", readonly Row[]>> = {
  http: [
    ["monosans-http", "monosans/proxy-list/main/proxies/http.txt", { isRecommended: true, licence: "MIT" }],
    ["sunny9577-all", "sunny9577/proxy-scraper/master/proxies.txt"],
    ["sunny9577-http", "sunny9577/proxy-scraper/master/generated/http_proxies.txt"],
    ["proxifly-http", "proxifly/free-proxy-list/main/proxies/protocols/http/data.txt", {
      isRecommended: true,
    }],
    ["elliottophellia-http", "elliottophellia/yakumo/master/results/http/global/http_checked.txt"],
    ["vakhov-http", "vakhov/fresh-proxy-list/master/http.txt", { licence: "MIT" }],
    ["zaeem20-http", "Zaeem20/FREE_PROXIES_LIST/master/http.txt"],
    ["komutan-http", "komutan234/Proxy-List-Free/main/proxies/http.txt", { isRecommended: true }],
    ["anonym0uswork1221-http", "Anonym0usWork1221/Free-Proxies/main/proxy_files/http_proxies.txt"],
    ["dpangestuw-http", "dpangestuw/Free-Proxy/master/http_proxies.txt"],
    ["tsprnay-http", "Tsprnay/Proxy-lists/master/proxies/http.txt"],
    ["mzyui-http", "mzyui/proxy-list/main/http.txt"],
    ["hideip-http", "zloi-user/hideip.me/master/http.txt"],
    ["aliilapro-http", "ALIILAPRO/Proxy/main/http.txt"],
    ["skillter-http", "Skillter/ProxyGather/master/proxies/working-proxies-http.txt"],
    ["sevenworks-http", "SevenworksDev/proxy-list/main/proxies/http.txt"],
    ["vann-http", "Vann-Dev/proxy-list/main/proxies/http.txt"],
    ["tuanminpay-http", "TuanMinPay/live-proxy/master/http.txt"],
    ["vmheaven-http", "vmheaven/VMHeaven-Free-Proxy-Updated/main/http.txt"],
    ["vadim287-http", "Vadim287/free-proxy/main/proxies/http.txt"],
    ["themiralay-http", "themiralay/Proxy-List-World/master/data.txt"],
  ],
  https: [
    ["roosterkid-https", "roosterkid/openproxylist/main/HTTPS_RAW.txt"],
    ["proxifly-https", "proxifly/free-proxy-list/main/proxies/protocols/https/data.txt"],
    ["vakhov-https", "vakhov/fresh-proxy-list/master/https.txt", { licence: "MIT" }],
    ["zaeem20-https", "Zaeem20/FREE_PROXIES_LIST/master/https.txt"],
    ["anonym0uswork1221-https", "Anonym0usWork1221/Free-Proxies/main/proxy_files/https_proxies.txt"],
    ["tsprnay-https", "Tsprnay/Proxy-lists/master/proxies/https.txt"],
    ["ercindedeoglu-https", "ErcinDedeoglu/proxies/main/proxies/https.txt", { licence: "MIT" }],
    ["hideip-https", "zloi-user/hideip.me/master/https.txt"],
    ["sevenworks-https", "SevenworksDev/proxy-list/main/proxies/https.txt"],
    ["vann-https", "Vann-Dev/proxy-list/main/proxies/https.txt"],
    ["vmheaven-https", "vmheaven/VMHeaven-Free-Proxy-Updated/main/https.txt"],
    ["nikolait-https", "NikolaiT/free-proxy-list/main/proxies/https_working.txt"],
  ],
  socks4: [
    ["thespeedx-socks4", "TheSpeedX/PROXY-List/master/socks4.txt"],
    ["roosterkid-socks4", "roosterkid/openproxylist/main/SOCKS4_RAW.txt"],
    ["proxifly-socks4", "proxifly/free-proxy-list/main/proxies/protocols/socks4/data.txt"],
    ["vakhov-socks4", "vakhov/fresh-proxy-list/master/socks4.txt", { licence: "MIT" }],
    ["anonym0uswork1221-socks4", "Anonym0usWork1221/Free-Proxies/main/proxy_files/socks4_proxies.txt"],
    ["dpangestuw-socks4", "dpangestuw/Free-Proxy/master/socks4_proxies.txt"],
    ["tsprnay-socks4", "Tsprnay/Proxy-lists/master/proxies/socks4.txt"],
    ["mzyui-socks4", "mzyui/proxy-list/main/socks4.txt"],
    ["iplocate-socks4", "iplocate/free-proxy-list/main/protocols/socks4.txt"],
    ["proxyscraper-socks4", "ProxyScraper/ProxyScraper/main/socks4.txt"],
    ["hideip-socks4", "zloi-user/hideip.me/master/socks4.txt"],
    ["skillter-socks4", "Skillter/ProxyGather/master/proxies/working-proxies-socks4.txt"],
    ["vann-socks4", "Vann-Dev/proxy-list/main/proxies/socks4.txt"],
    ["clearproxy-socks4", "ClearProxy/checked-proxy-list/main/socks4/raw/all.txt"],
    ["tuanminpay-socks4", "TuanMinPay/live-proxy/master/socks4.txt"],
    ["vmheaven-socks4", "vmheaven/VMHeaven-Free-Proxy-Updated/main/socks4.txt"],
    ["vadim287-socks4", "Vadim287/free-proxy/main/proxies/socks4.txt"],
    ["solispirit-socks4", "SoliSpirit/proxy-list/main/socks4.txt"],
  ],
  socks5: [
    ["roosterkid-socks5", "roosterkid/openproxylist/main/SOCKS5_RAW.txt"],
    ["proxifly-socks5", "proxifly/free-proxy-list/main/proxies/protocols/socks5/data.txt"],
    ["elliottophellia-socks5", "elliottophellia/yakumo/master/results/socks5/global/socks5_checked.txt"],
    ["vakhov-socks5", "vakhov/fresh-proxy-list/master/socks5.txt", { isRecommended: true, licence: "MIT" }],
    ["komutan-socks5", "komutan234/Proxy-List-Free/main/proxies/socks5.txt"],
    ["anonym0uswork1221-socks5", "Anonym0usWork1221/Free-Proxies/main/proxy_files/socks5_proxies.txt"],
    ["hookzof-socks5", "hookzof/socks5_list/master/proxy.txt"],
    ["dpangestuw-socks5", "dpangestuw/Free-Proxy/master/socks5_proxies.txt"],
    ["tsprnay-socks5", "Tsprnay/Proxy-lists/master/proxies/socks5.txt"],
    ["skillter-socks5", "Skillter/ProxyGather/master/proxies/working-proxies-socks5.txt"],
    ["r00tee-socks5", "r00tee/Proxy-List/main/Socks5.txt"],
    ["sevenworks-socks5", "SevenworksDev/proxy-list/main/proxies/socks5.txt"],
    ["clearproxy-socks5", "ClearProxy/checked-proxy-list/main/socks5/raw/all.txt"],
    ["tuanminpay-socks5", "TuanMinPay/live-proxy/master/socks5.txt"],
    ["vmheaven-socks5", "vmheaven/VMHeaven-Free-Proxy-Updated/main/socks5.txt"],
    ["vadim287-socks5", "Vadim287/free-proxy/main/proxies/socks5.txt"],
    ["solispirit-socks5", "SoliSpirit/proxy-list/main/socks5.txt"],
  ],
};

/** Lists elsewhere, and in other formats. */
const OTHER_LISTS: readonly ProxySource[] = [
  { name: "openproxylist-http", url: "https://openproxylist.xyz/http.txt", format: "text", protocol: "http" },
  {
    name: "proxifly-all",
    url: "https://cdn.jsdelivr.net/gh/proxifly/free-proxy-list@main/proxies/all/data.txt",
    format: "text",
    isRecommended: true,
  },
  {
    name: "geonode",
    url: "https://proxylist.geonode.com/api/proxy-list?limit=500&page=1&sort_by=lastChecked&sort_type=desc",
    format: "json",
  },
  {
    // A page that is written for people: its owner may not want programs on it.
    name: "free-proxy-list.net",
    url: "https://free-proxy-list.net/",
    format: "html",
    protocol: "http",
    isEnabled: false,
  },
];

/** Every public list that is known, best known first within a protocol. */
export const SOURCE_CATALOG: readonly ProxySource[] = Object.freeze([
  ...Object.entries(REPOSITORY_LISTS).flatMap(([kind, rows]) => rows.map((row) => repositoryList(kind, row))),
  ...OTHER_LISTS,
]);

function repositoryList(kind: string, [name, path, details = {}]: Row): ProxySource {
  const protocol: Protocol = kind === "socks4" || kind === "socks5" ? kind : "http";
  return { name, url: RAW + path, format: "text", protocol, ...details };
}
