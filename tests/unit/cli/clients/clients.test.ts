import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENTS, type Machine, projectFileOf } from "../../../../src/cli/clients/clients.ts";
import { CLIENT_NAMES } from "../../../../src/cli/setup_commands.ts";

function userFiles(
  platform: string,
  environment: Record<string, string>,
): Record<string, string | undefined> {
  const machine: Machine = { platform, folder: "/work", environment };
  return Object.fromEntries(CLIENTS.map((client) => [client.name, client.userFile(machine)]));
}

test("setup offers exactly the clients that are known", () => {
  assert.deepEqual(CLIENTS.map(({ name }) => name), CLIENT_NAMES);
});

test("files of clients are where each system keeps them", () => {
  assert.deepEqual(userFiles("linux", { HOME: "/home/me" }), {
    "claude-desktop": "/home/me/.config/Claude/claude_desktop_config.json",
    "claude-code": "/home/me/.claude.json",
    "cursor": "/home/me/.cursor/mcp.json",
    "vscode": "/home/me/.config/Code/User/mcp.json",
  });
  assert.deepEqual(userFiles("darwin", { HOME: "/Users/me", XDG_CONFIG_HOME: "/x" }), {
    "claude-desktop": "/Users/me/Library/Application Support/Claude/claude_desktop_config.json",
    "claude-code": "/Users/me/.claude.json",
    "cursor": "/Users/me/.cursor/mcp.json",
    "vscode": "/Users/me/Library/Application Support/Code/User/mcp.json",
  });
  assert.deepEqual(userFiles("win32", { USERPROFILE: "C:\\Users\\me", APPDATA: "D:\\Data" }), {
    "claude-desktop": "D:\\Data\\Claude\\claude_desktop_config.json",
    "claude-code": "C:\\Users\\me\\.claude.json",
    "cursor": "C:\\Users\\me\\.cursor\\mcp.json",
    "vscode": "D:\\Data\\Code\\User\\mcp.json",
  });
});

test("variables move the files: XDG_CONFIG_HOME when it is absolute, CLAUDE_CONFIG_DIR, APPDATA or its default", () => {
  assert.equal(userFiles("linux", { HOME: "/h", XDG_CONFIG_HOME: "/x" })["vscode"], "/x/Code/User/mcp.json");
  assert.equal(
    userFiles("linux", { HOME: "/h", XDG_CONFIG_HOME: "x" })["vscode"],
    "/h/.config/Code/User/mcp.json",
  );
  assert.equal(
    userFiles("linux", { HOME: "/h", XDG_CONFIG_HOME: "" })["vscode"],
    "/h/.config/Code/User/mcp.json",
  );
  assert.equal(userFiles("linux", { HOME: "/h", CLAUDE_CONFIG_DIR: "/c" })["claude-code"], "/c/.claude.json");
  assert.equal(
    userFiles("win32", { USERPROFILE: "C:\\me" })["claude-desktop"],
    "C:\\me\\AppData\\Roaming\\Claude\\claude_desktop_config.json",
  );
});

test("without a home folder there is no file of a person", () => {
  assert.deepEqual(Object.values(userFiles("linux", {})), [undefined, undefined, undefined, undefined]);
  assert.deepEqual(Object.values(userFiles("win32", { USERPROFILE: "" })), Array(4).fill(undefined));
});

test("files of a folder are in that folder", () => {
  const machine: Machine = { platform: "linux", folder: "/work", environment: {} };
  assert.deepEqual(CLIENTS.map((client) => projectFileOf(client, machine)), [
    undefined,
    "/work/.mcp.json",
    "/work/.cursor/mcp.json",
    "/work/.vscode/mcp.json",
  ]);
});
