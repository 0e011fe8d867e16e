/** Part of `npm run build`: bundles the realms' runtime once, so that users need neither its sources nor what they import. */
import { writeFile } from "node:fs/promises";
import { bundleRuntime } from "./bundle.ts";

await writeFile(new URL("../../dist/harness/machine/runtime.bundle.js", import.meta.url), await bundleRuntime());
