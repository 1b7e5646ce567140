import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { barLine } from "../../../src/cli/progress_bar.ts";
import { startJudge } from "../../../src/sources/judge.ts";
import { FaultyProxy } from "../../support/faulty_proxy.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { deadProxyUrl } from "../service/actions/sources_world.ts";
import { ListServer } from "../sources/list_server.ts";
import { NAME, registry, tgz } from "../sources/region_registry.ts";
import { tinyMmdb } from "../sources/tiny_mmdb.ts";
import { runCli } from "./support.ts";

const EXIT = "127.0.0.2";

test("fetch, validate, sources and health work on one database, one after the other", async () => {
  using dir = new TempDir();
  const judge = await startJudge({ port: 0 });
  try {
    await using proxy = await FaultyProxy.start({ exit: EXIT });
    await using flaky = await FaultyProxy.start({ exit: EXIT });
    await using lists = await ListServer.start({
      "/t0ken/http.txt": `${proxy.url("http")}\n${flaky.url("socks5")}\n${await deadProxyUrl()}\n`,
    });
    const config = dir.write(
      "p.json",
      JSON.stringify({
        db: dir.join("pool.db"),
        allow_private_targets: true,
        validation: { judges: [judge.url], timeout: 5 },
        sources: { extra: [{ url: `${lists.origin}/t0ken/http.txt` }] },
        region_files: [dir.write("r.mmdb", tinyMmdb({ "127.0.0.0/8": { country_code: "NL" } }))],
      }),
    );
    const run = (...args: string[]) => runCli([...args, "--config", config], { showsProgress: true });

    const fetched = await run("fetch", "127.0.0.1");
    assert.deepEqual([fetched.code, fetched.err.includes("Tried 3: 2 work")], [0, true], fetched.err);
    assert.match(fetched.out, /^LIST +PROXIES +REMARK\n127\.0\.0\.1 +3\n/);
    assert.match(
      fetched.out,
      /Fetched 3 proxies from 1 source; tried 3: 2 work\. Added 2\.\nThe pool has 2 proxies/,
    );
    assert.doesNotMatch(fetched.out + fetched.err, /t0ken/);

    flaky.fault = "close";
    const validated = await run("validate", "--json");
    assert.equal(validated.code, 0, validated.err);
    const output = JSON.parse(validated.out);
    assert.deepEqual([output.validated, output.valid, output.results[0].region], [2, 1, "NL"]);

    const memory = JSON.parse((await run("sources", "--json")).out);
    const { name, recommended, memory: { tried, worked } } = memory[0];
    assert.deepEqual({ name, recommended, tried, worked }, {
      name: "127.0.0.1",
      recommended: true,
      tried: 3,
      worked: 2,
    });
    assert.ok(memory.length > 50);
    assert.match(
      (await run("sources")).out,
      /^LIST .*\n127\.0\.0\.1 +any +recommended +\d.* 2 \(66\.7 %\)\n/,
    );

    const health = JSON.parse((await run("health", "--json")).out);
    assert.partialDeepStrictEqual(health, {
      total_proxies: 2,
      healthy_proxies: 1,
      total_successes: 3,
      total_failures: 1,
    });
    const [{ id, tags }] = JSON.parse((await run("export", "--format", "json", "--status", "healthy")).out);
    assert.deepEqual(tags, ["elite", "https"]);
    assert.match((await run("validate", id)).out, /yes .* ms +elite +yes +127\.0\.0\.2\n/);
  } finally {
    await judge.close();
  }
});

test("fetch and validate say what is wrong and how to go on", async () => {
  using dir = new TempDir();
  const db = ["--db", dir.join("pool.db")];
  const unknown = await runCli(["fetch", "nonsense", ...db]);
  assert.deepEqual([unknown.code, existsSync(dir.join("pool.db"))], [2, false]);
  assert.match(unknown.err, /Unknown source: nonsense/);
  const absent = await runCli(["validate", ...db]);
  assert.deepEqual([absent.code, /There is no database/.test(absent.err)], [3, true]);
  await runCli(["import", dir.write("a.txt", "203.0.113.1:80"), ...db]);
  const blind = await runCli(["validate", ...db, "--judges", await deadProxyUrl()]);
  assert.deepEqual(
    [blind.code, /no judge answers.*No proxy was blamed/.test(blind.err)],
    [4, true],
    blind.err,
  );
  assert.equal((await runCli(["validate", "--region", "US", ...db])).code, 4);
  assert.equal((await runCli(["validate", "nobody", ...db])).code, 3);
  assert.equal((await runCli(["fetch", "--judges", "nonsense", ...db])).code, 2);
});

test("judge runs until it is interrupted", async () => {
  const controller = new AbortController();
  const running = runCli(["judge", "--port", "0"], {
    signal: controller.signal,
    onOut: async (text) => {
      const { remote_address } = await (await fetch(text.trim())).json();
      assert.equal(remote_address, "127.0.0.1");
      controller.abort();
    },
  });
  const { code, err, out } = await running;
  assert.deepEqual([code, /Ctrl\+C/.test(err)], [0, true]);
  await assert.rejects(fetch(out.trim()));
  assert.equal((await runCli(["judge", "--key", "k.pem"])).code, 2);
  const busy = await startJudge({ port: 0 });
  const failed = await runCli(["judge", "--port", String(busy.port)]);
  await busy.close();
  assert.deepEqual([failed.code, /another program listens/.test(failed.err)], [1, true]);
});

test("region-data fetches files that import then uses", async () => {
  using dir = new TempDir();
  const file = tinyMmdb({ "203.0.113.0/24": { country_code: "DE" } });
  await using server = await registry(tgz({ "package/country.mmdb": file }));
  const fetched = await runCli(["region-data", NAME, "--folder", dir.join("r"), "--registry", server.origin]);
  assert.deepEqual([fetched.code, fetched.err], [0, ""]);
  assert.match(fetched.out, /@geo\/country-mmdb 2\.3\.4, licence CC0-1\.0\n/);
  const args = ["region-data", NAME, "--folder", dir.join("r"), "--registry", server.origin, "--json"];
  const [data] = JSON.parse((await runCli(args)).out);
  assert.deepEqual([data.name, data.files], [NAME, [dir.join("r", "country.mmdb")]]);
  const path = /--region-files (\S+),/.exec(fetched.out)?.[1] ?? "";
  assert.equal(path, dir.join("r", "country.mmdb"));

  const db = ["--db", dir.join("pool.db")];
  await runCli([
    "import",
    dir.write("a.txt", "203.0.113.1:80\n198.51.100.1:80"),
    ...db,
    "--region-files",
    path,
  ]);
  const { out } = await runCli(["export", "--format", "json", ...db]);
  assert.deepEqual(JSON.parse(out).map(({ region }: { region: unknown }) => region), ["DE", null]);

  const missing = await runCli(["region-data", "@geo/none", "--registry", server.origin]);
  assert.deepEqual([missing.code, /answered 404/.test(missing.err)], [1, true], missing.err);
});

test("barLine() draws a share, and says what is going on", () => {
  assert.equal(barLine({ progress: 3, message: "one: 5 proxies" }), "one: 5 proxies");
  assert.equal(
    barLine({ progress: 5, total: 20, message: "a\x1b[2J" }),
    "[######..................]  25 %  a�[2J",
  );
  assert.match(barLine({ progress: 30, total: 20 }), /^\[#{24}\] 100 %/);
  for (const columns of [10, 40, 80]) {
    const line = barLine({ progress: 5, total: 20, message: "m".repeat(200) }, columns);
    assert.ok(
      line.length < columns,
      "it must not fill a line of the terminal, or the next would not cover it",
    );
    assert.ok(barLine({ progress: 5, message: "m".repeat(200) }, columns).length < columns);
  }
});
