import assert from "node:assert/strict";
import { test } from "node:test";
import { notJsonResponse, notRpcResponse, tooLongResponse } from "../../../src/mcp/bad_line.ts";

test("notJsonResponse() answers under the id where an SDK writes it", () => {
  const python =
    '{"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"arguments": {"limit": NaN}}}';
  const typescript =
    '{"method":"tools/call","params":{"arguments":{"limit":NaN}},"jsonrpc":"2.0","id":"a-1"}';
  assert.equal(notJsonResponse(python).id, 7);
  assert.equal(notJsonResponse(typescript).id, "a-1");
});

test("notJsonResponse() does not take an id that may belong to something else", () => {
  for (
    const line of [
      "hello",
      '{"method":"tools/call","params":{"id":3',
      '{"method":"tools/call","params":{"x":NaN,"id":3}}',
      '{"params":{"id":3,"x":NaN},"jsonrpc":"2.0"}',
      '{"jsonrpc":"2.0","id":{"a":1},"x":NaN}',
    ]
  ) {
    assert.equal("id" in notJsonResponse(line), false, line);
  }
});

test("notJsonResponse() repeats nothing of the line", () => {
  const response = notJsonResponse('{"id":1,"params":"http://user:secret@h:1"');
  assert.equal(response.error.code, -32700);
  assert.doesNotMatch(JSON.stringify(response), /secret|user/);
});

test("notRpcResponse() answers requests, and keeps silent about responses and notifications", () => {
  assert.equal(notRpcResponse({ jsonrpc: "1.0", id: 3, method: "ping" })?.id, 3);
  assert.equal(notRpcResponse({ jsonrpc: "2.0", id: 3 })?.error.code, -32600);
  assert.match(
    notRpcResponse({ jsonrpc: "2.0", id: null, method: "ping" })?.error.message ?? "",
    /id is a string/,
  );
  assert.match(notRpcResponse([])?.error.message ?? "", /batches/);
  assert.match(notRpcResponse(3)?.error.message ?? "", /object/);
  assert.equal(notRpcResponse({ id: 3, result: 1 }), undefined);
  assert.equal(notRpcResponse({ id: 3, error: 1 }), undefined);
  assert.equal(notRpcResponse({ method: 1 }), undefined);
});

test("tooLongResponse() says how long and how long is allowed, under the id at either end", () => {
  const response = tooLongResponse(
    { head: '{"method":"x', tail: '"}},"jsonrpc":"2.0","id":12}', bytes: 99 },
    10,
  );
  assert.equal(response.id, 12);
  assert.match(response.error.message, /99 bytes.*10 bytes/);
});
