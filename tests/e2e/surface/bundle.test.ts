/** The program as one file, on Deno with the permissions of a server. */

import { published } from "./artefacts.ts";
import { testSurface } from "./surface.ts";

testSurface(published("bundle"));
