import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestGuard } from "../../../../src/mcp/http/guards.ts";

function status(guard: RequestGuard, headers: Record<string, string>): number {
  return guard.check(new Request("http://127.0.0.1/mcp", { headers }))?.status ?? 200;
}

test("RequestGuard on loopback takes only names of this machine", () => {
  const guard = new RequestGuard();
  for (const host of ["127.0.0.1", "127.0.0.1:8000", "localhost:1", "LOCALHOST", "[::1]:8000"]) {
    assert.equal(status(guard, { host }), 200, host);
  }
  const foreign = [
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "192.168.1.5",
    "a@127.0.0.1:x",
  ];
  for (const host of [...foreign, "", "[::1", "localhost evil", "0.0.0.0"]) {
    assert.equal(status(guard, { host }), 403, host);
  }
  const byUrl = (url: string) => guard.check(new Request(url))?.status ?? 200;
  assert.equal(byUrl("http://localhost:1/mcp"), 200, "without a header the URL counts");
  assert.equal(byUrl("http://evil.example/mcp"), 403);
});

test("RequestGuard elsewhere takes addresses, which cannot be rebound, and configured names", () => {
  const guard = new RequestGuard({ hostname: "0.0.0.0", allowedHosts: ["Proxies.example", "fe80::2"] });
  for (
    const host of ["192.0.2.7:8000", "[2001:db8::1]:8000", "proxies.example:443", "[fe80::2]", "localhost"]
  ) {
    assert.equal(status(guard, { host }), 200, host);
  }
  for (const host of ["evil.example", "x.proxies.example", ""]) {
    assert.equal(status(guard, { host }), 403, host);
  }
  const named = new RequestGuard({ hostname: "box.lan" });
  assert.equal(status(named, { host: "box.lan:8000" }), 200);
});

test("RequestGuard refuses pages of other sites, with 403 and a reason", async () => {
  const guard = new RequestGuard({ allowedOrigins: ["https://app.example/"] });
  const host = "127.0.0.1";
  for (
    const origin of ["http://localhost:3000", "http://127.0.0.1", "https://[::1]:1", "https://app.example"]
  ) {
    assert.equal(status(guard, { host, origin }), 200, origin);
  }
  const foreign = ["https://evil.example", "null", "file://", "https://app.example.evil.example", "junk"];
  for (
    const origin of [...foreign, "http://app.example", "https://app.example:8443", "chrome-extension://x"]
  ) {
    assert.equal(status(guard, { host, origin }), 403, origin);
  }
  const answer = guard.check(new Request("http://x", { headers: { host, origin: "https://evil.example" } }));
  assert.match((await answer!.json()).error.message, /^Origin "https:\/\/evil\.example" is not allowed/);
});

test("RequestGuard shows only what is printable, and little of it", async () => {
  const origin = `http://\u00e4${"x".repeat(5000)}`;
  const answer = new RequestGuard().check(
    new Request("http://x", { headers: { host: "127.0.0.1", origin } }),
  );
  const { message } = (await answer!.json()).error;
  assert.ok(message.length < 200 && /^[\x20-\x7e]*$/.test(message), message);
});

test("RequestGuard lets pages of configured origins read answers, and no others", () => {
  const guard = new RequestGuard({ allowedOrigins: ["https://app.example"] });
  const ask = (origin: string, method = "OPTIONS") =>
    new Request("http://127.0.0.1/mcp", {
      method,
      headers: { origin, "access-control-request-method": "POST" },
    });
  const leave = guard.preflight(ask("https://app.example"));
  assert.equal(leave?.status, 204);
  assert.equal(leave.headers.get("access-control-allow-origin"), "https://app.example");
  assert.match(leave.headers.get("access-control-allow-headers") ?? "", /authorization/);
  const local = guard.preflight(ask("http://localhost:3000"));
  assert.equal(local?.headers.get("access-control-allow-origin"), null);
  assert.equal(guard.preflight(ask("https://app.example", "POST")), undefined);
  const response = guard.withCors(ask("https://app.example", "POST"), new Response("x"));
  assert.equal(response.headers.get("access-control-allow-origin"), "https://app.example");
});
