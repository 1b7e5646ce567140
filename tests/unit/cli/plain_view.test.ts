import assert from "node:assert/strict";
import { test } from "node:test";
import { plain } from "../../../src/cli/paint.ts";
import { plainView } from "../../../src/cli/views/plain_view.ts";

const text = (output: object) => plainView.text(output, plain);

test("the plain view shows facts, groups, lists as tables, and at the end what to do", () => {
  assert.equal(
    text({
      success: true,
      proxy_id: "x",
      avg_latency_ms: 1.5,
      free_in_s: 3,
      is_new: false,
      tags: ["a", "b"],
      none: [],
      nothing: null,
      metrics: { success_rate: 0.5, inner: { url: "u" } },
      empty: {},
      rows: [{ id: "1", count: 5 }, { id: "22", count: 10, more: "m" }],
      message: "It is done",
      next_step: "Go on.",
    }),
    `Proxy ID        x
Avg latency     1.5 ms
Free in         3 s
Is new          no
Tags            a, b
None            -
Nothing         -
Metrics
  Success rate  0.5
  Inner
    URL         u
Empty           -

Rows:
ID  COUNT  MORE
1       5  -
22     10  m

It is done.

Next: Go on.
`,
  );
});

test("the plain view says success only where no message does", () => {
  assert.equal(text({ success: false }), "Success  no\n");
});

test("the plain view disarms what strangers wrote, wherever it stands", () => {
  const bad = "a\u001b[2J\nb";
  const shown = text({
    [bad]: bad,
    group: { [bad]: bad },
    rows: [{ [bad]: bad }],
    message: bad,
    next_step: bad,
  });
  assert.ok(!shown.includes("\u001b"), JSON.stringify(shown));
  assert.ok(!/^b/m.test(shown), "no line of its own");
});
