/**
 * A proxy and judge in one that answers at once: what is measured with it is the client alone. As a process of its
 * own it prints its port and runs until its input ends; every address of 127.0.0.0/8 leads to it.
 */

import { createServer, type Socket } from "node:net";
import process from "node:process";

const OK = "HTTP/1.1 200 Connection established\r\n\r\n";

function serve(socket: Socket): void {
  let pending = "";
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    pending += chunk.toString("latin1");
    for (let end = pending.indexOf("\r\n\r\n"); end >= 0; end = pending.indexOf("\r\n\r\n")) {
      const [first = "", ...lines] = pending.slice(0, end).split("\r\n");
      pending = pending.slice(end + 4);
      const [method, url = ""] = first.split(" ");
      if (method === "CONNECT") {
        socket.write(OK);
        continue;
      }
      const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(": ", 2)));
      const body = JSON.stringify({ remote_address: socket.localAddress, url, headers });
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    }
  });
}

const server = createServer(serve);
server.listen({ port: 0, host: "0.0.0.0", backlog: 4096 }, () => {
  const address = server.address();
  console.log(typeof address === "object" && address !== null ? address.port : 0);
});
process.stdin.resume().once("end", () => process.exit(0)).once("close", () => process.exit(0));
