import { expect } from "chai";
import { build } from "esbuild";
import { ROOT } from "../testing/command.ts";

/** The packages that a module needs before it can run: those that it, or what it imports, imports statically. */
async function packagesNeeded(entryPoint: string): Promise<Set<string>> {
	const { metafile } = await build({
		absWorkingDir: ROOT,
		entryPoints: [entryPoint],
		bundle: true,
		write: false,
		outdir: "/unused",
		format: "esm",
		platform: "node",
		packages: "external",
		splitting: true,
		metafile: true,
	});
	const seen = new Set<string>();
	const packages = new Set<string>();
	const visit = (input: string) => {
		if (seen.has(input)) return;
		seen.add(input);
		for (const { path, kind, external } of metafile.inputs[input]?.imports ?? []) {
			if (kind !== "import-statement") continue;
			if (external === true) packages.add(path);
			else visit(path);
		}
	};
	visit(entryPoint);
	return packages;
}

describe("the policy, at start-up", () => {
	it("needs neither zod nor tsx until there is a config to read", async () => {
		const needed = await packagesNeeded("grader/policy/load.ts");
		expect(needed).to.include("node:fs");
		for (const name of ["zod", "tsx/esm/api"]) expect(needed, name).not.to.include(name);
		expect(await packagesNeeded("grader/policy/schema.ts")).to.include("zod");
	});
});
