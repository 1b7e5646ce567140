/** `rotate`: the proxy. Its lease ends with the command, so that the way to report on it is another. */
import type { RotateOutput } from "../../../gen/models.ts";
import { plainView } from "./plain_view.ts";
import type { View } from "./view.ts";

/** The proxy, and how to tell what became of it. */
export const view: View<RotateOutput> = {
  text: ({ proxy }, paint) => plainView.text(proxy, paint),
  remarks: ({ proxy }, paint) =>
    paint("dim", `Tell how it did: proxywhirl report --proxy-id ${proxy.id} --target SITE --outcome ok`) +
    "\n",
};
