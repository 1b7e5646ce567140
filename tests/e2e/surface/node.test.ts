/** The sources on Node 24. */

import { sources } from "./artefacts.ts";
import { testSurface } from "./surface.ts";

testSurface(sources("node"));
