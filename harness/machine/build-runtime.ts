/**
 * Part of `npm run build`: bundles the realms' runtime once, so that users need neither its sources nor the packages that are in it, and
 * puts those packages' licences beside it.
 */
import { readFile, writeFile } from "node:fs/promises";
import { bundleRuntime } from "./bundle.ts";

/** The packages that become part of the bundle. */
const PACKAGES = ["base64-js", "buffer", "events", "ieee754"];

const built = new URL("../../dist/harness/machine/", import.meta.url);
const modules = new URL("../../node_modules/", import.meta.url);

const code = await bundleRuntime();
const bundled = new Set([...code.matchAll(/^\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name]) => name));
for (const name of bundled) if (!PACKAGES.includes(name ?? "")) throw new Error(`the licence of ${name} is missing`);
await writeFile(new URL("runtime.bundle.js", built), code);
const licences = await Promise.all(
	PACKAGES.map(async (name) => `${name}\n\n${await readFile(new URL(`${name}/LICENSE`, modules), "utf8")}`),
);
await writeFile(new URL("runtime.bundle.LICENSES.txt", built), licences.join(`\n${"-".repeat(80)}\n\n`));
