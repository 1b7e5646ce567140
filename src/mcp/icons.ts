/**
 * The picture that the server, its tools, resources and prompts carry, for clients that show one (since 2025-11-25).
 *
 * @module
 */
import type { Icon } from "@modelcontextprotocol/server";
import { TOOL } from "../../gen/actions.ts";

/** To be spread into a definition; empty without a picture. */
export const ICONS: { readonly icons?: Icon[] } = TOOL.icon === undefined ? {} : {
  icons: [{
    src: TOOL.icon,
    ...(TOOL.icon.startsWith("data:image/svg+xml") ? { mimeType: "image/svg+xml", sizes: ["any"] } : {}),
  }],
};
