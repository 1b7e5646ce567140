/** The executable. */

import { published } from "./artefacts.ts";
import { testSurface } from "./surface.ts";

testSurface(published("binary"));
