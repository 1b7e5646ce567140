import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { SocketPool } from "../../../src/net/socket_pool.ts";
import { OpenSockets } from "../../support/open_sockets.ts";

async function withServer(
  work: (open: () => Promise<Socket>, sockets: OpenSockets) => Promise<void>,
): Promise<void> {
  const sockets = new OpenSockets();
  const server = createServer((socket) => sockets.add(socket.resume()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const open = () =>
    new Promise<Socket>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1" }, () => resolve(socket));
      socket.on("error", () => {}).resume();
    });
  try {
    await work(open, sockets);
  } finally {
    sockets.destroyAll();
    server.close();
  }
}

test("SocketPool hands a place on when the one who waited for it has just given up", async () => {
  await withServer(async (open) => {
    const pool = new SocketPool({ maxPerKey: 1 });
    const { socket } = await pool.take("a", open);
    const controller = new AbortController();
    const first = pool.take("a", open, { signal: controller.signal });
    const second = pool.take("a", open);
    // The place gets free, and who is first in line leaves in the same moment.
    socket.emit("free");
    controller.abort(new Error("no longer wanted"));
    await assert.rejects(first, /no longer wanted/);
    assert.equal((await second).socket, socket);
    pool.close();
  });
});

test("SocketPool frees the place of a connection that could not be opened", async () => {
  await withServer(async (open) => {
    const pool = new SocketPool({ maxPerKey: 1 });
    const failing = pool.take("a", () => Promise.reject(new Error("refused")));
    const waiting = pool.take("a", open);
    await assert.rejects(failing, /refused/);
    assert.equal((await waiting).isReused, false);
    pool.close();
  });
});

test("SocketPool ends the wait for a place at its deadline, and keeps no trace of it", async () => {
  await withServer(async (open, sockets) => {
    const pool = new SocketPool({ maxPerKey: 1 });
    const { socket } = await pool.take("a", open);
    const late = pool.take("a", open, { deadline: performance.now() + 20 });
    await assert.rejects(late, { code: "TIMED_OUT" });
    socket.emit("free");
    assert.deepEqual([pool.idleCount, pool.busyCount], [1, 0]);
    assert.equal((await pool.take("a", open)).isReused, true);
    pool.close();
    await sockets.none();
    await assert.rejects(pool.take("a", open), TypeError);
  });
});

test("SocketPool gives a connection up on which something comes unasked", async () => {
  await withServer(async (open) => {
    const pool = new SocketPool();
    const { socket } = await pool.take("a", open);
    socket.emit("free");
    socket.emit("data", new Uint8Array(1));
    const next = await pool.take("a", open);
    assert.deepEqual([next.isReused, socket.destroyed], [false, true]);
    next.socket.emit("data", new Uint8Array(1));
    assert.equal(next.socket.destroyed, false, "a busy one may speak");
    pool.close();
  });
});
