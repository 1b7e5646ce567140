import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createLogger, ProxyWhirlService } from "../../../src/service/mod.ts";
import { ProxyRotator } from "../../../src/core/mod.ts";
import { DEFAULT_SETTINGS } from "../../../gen/settings.ts";

/** Long enough, and with a mark, so that it cannot be found by accident; with characters that URLs escape. */
const secret = fc.tuple(
  fc.stringMatching(/^[A-Za-z0-9]{6,12}$/),
  fc.constantFrom("", "@", ":", "/", "%", "#", "?", " ", "é", "\\", "'", '"', "<"),
  fc.stringMatching(/^[A-Za-z0-9]{6,12}$/),
).map(([head, middle, tail]) => ({ raw: `Zq${head}${middle}${tail}Qz`, parts: [`Zq${head}`, `${tail}Qz`] }));

const host = fc.constantFrom("203.0.113.7", "[2001:db8::7]", "proxy.example.com");
const scheme = fc.constantFrom("http", "https", "socks4a", "socks5", "socks5h");

test("nothing that leaves the service holds a credential of the pool or of its caller", async () => {
  await fc.assert(
    fc.asyncProperty(secret, secret, scheme, host, async (user, password, scheme, host) => {
      const lines: string[] = [];
      const rotator = new ProxyRotator();
      const service = new ProxyWhirlService({
        rotator,
        settings: DEFAULT_SETTINGS,
        version: "1.2.3",
        logger: createLogger({ level: "DEBUG", write: (line) => lines.push(line) }),
      });
      const escaped = `${encodeURIComponent(user.raw)}:${encodeURIComponent(password.raw)}`;
      const url = `${scheme}://${escaped}@${host}:8080`;
      const { id } = rotator.addProxy(url, { region: "US", tags: ["a"] });
      const out: unknown[] = [
        await service.readResource("proxy://health"),
        await service.readResource("proxy://config"),
      ];
      const say = async (input: object) => out.push(await service.handle(input));

      const rotated = await service.handle({ action: "rotate" });
      assert.ok(rotated.ok);
      out.push(rotated);
      for (const action of ["list", "health", "recommend", "explain"]) await say({ action });
      for (const action of ["status", "explain", "reset_cb"]) await say({ action, proxy_id: id });
      await say({ action: "report", proxy_id: id, target: "a.example", outcome: "dead" });
      await say({ action: "report", ...(rotated.value as { lease_id: string }), outcome: "ok" });
      // What a caller sends comes back in errors.
      const sent = [
        url,
        `${escaped}@${host}:8080`,
        `http://${escaped}@${host}:99999`,
        `ftp://${escaped}@${host}`,
      ];
      for (const text of sent) {
        await say({ action: "add", proxy_urls: [text, `${text}:x`] });
        await say({ action: "add", proxy_url: text });
        await say({ action: text });
        await say({ action: "status", proxy_id: text });
        await say({ action: "reset_cb", proxy_id: text });
        await say({ action: "remove", proxy_id: id, [text]: 1 });
        await say({ action: "rotate", criteria: { target: text, region: text } });
        await say({ action: "rotate", criteria: { target: text } });
        await say({ action: "list", cursor: text });
        await say({ action: "set_strategy", strategy: text });
        await say({ action: "report", lease_id: text, outcome: "ok" });
      }
      await say({ action: "remove", proxy_id: id });
      const everything = JSON.stringify(out) + lines.join("") + decodeURIComponent(safe(JSON.stringify(out)));
      for (const part of [...user.parts, ...password.parts]) {
        const at = everything.indexOf(part);
        assert.ok(at < 0, `${part} in …${everything.slice(Math.max(0, at - 80), at + 60)}…`);
      }
    }),
    { numRuns: 60 },
  );
});

/** Only whole percent escapes. */
function safe(text: string): string {
  return text.replace(/%(?![0-9A-Fa-f]{2})/g, "%25").replace(/%(?:[89A-Fa-f][0-9A-Fa-f])+/g, "");
}
