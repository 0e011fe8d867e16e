/**
 * Part of `npm run build`: bundles once what would otherwise be bundled at every start, so that users need neither the sources nor the packages that
 * are in it: the realms' runtime, the code of a worker, and the page of a run. The licences of the packages in a bundle stand beside it.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { bundleRuntime } from "../harness/machine/bundle.ts";
import { bundlePage } from "./replay/page-shell.ts";
import { bundleWorker } from "./worker/code.ts";

const dist = new URL("../dist/", import.meta.url);
const modules = new URL("../node_modules/", import.meta.url);

await write("harness/machine/runtime.bundle", await bundleRuntime());
await write("grader/worker/worker.bundle", await bundleWorker([]));
await writeFile(new URL("grader/replay/page.bundle.html", dist), await bundlePage());

async function write(name: string, code: string): Promise<void> {
	const packages = [
		...new Set([...code.matchAll(/^\s*\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, found]) => found)),
	];
	const licences = await Promise.all(packages.sort().map((found) => licenceOf(found ?? "")));
	await writeFile(new URL(`${name}.js`, dist), code);
	await writeFile(new URL(`${name}.LICENSES.txt`, dist), licences.join(`\n${"-".repeat(80)}\n\n`));
}

/** @throws an Error if a package has no licence that could be passed on. */
async function licenceOf(name: string): Promise<string> {
	const folder = new URL(`${name}/`, modules);
	const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
	if (file === undefined) throw new Error(`the licence of ${name} is missing`);
	return `${name}\n\n${await readFile(new URL(file, folder), "utf8")}`;
}
