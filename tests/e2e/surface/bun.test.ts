/** The sources on Bun. */

import { sources } from "./artefacts.ts";
import { testSurface } from "./surface.ts";

testSurface(sources("bun"));
