/** The sources on Deno, with no more permissions than they need. */

import { sources } from "./artefacts.ts";
import { testSurface } from "./surface.ts";

testSurface(sources("deno"));
