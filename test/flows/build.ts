// Builds what the flows serve, once before the first of them.
import { build } from "../../scripts/build.ts";

export default build;
