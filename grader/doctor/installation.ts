import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";
import type * as esbuild from "esbuild";
import { type Finding, good, problem, warning } from "./finding.ts";
import { dependencySpec, installedFolder, installedVersion, type Project } from "./project.ts";

/** The raft-grade that runs. */
export interface Running {
	/** Its folder, as a real path. */
	readonly folder: string;
	readonly version: string;
}

/** Which raft-grade runs, and whether the project's own is another. */
export function checkInstallation(project: Project, running: Running): Finding {
	const what = "raft-grade";
	const runs = `${running.version}, from ${running.folder}`;
	if (project.folder === running.folder) return good(what, `${running.version}, in a clone of its own`);
	const stale = staleLink(project);
	if (stale !== undefined) {
		return problem(
			what,
			`${stale.link} leads to ${stale.to}, which is not there`,
			"Something was moved: correct raft-grade's path in package.json, then run npm install.",
		);
	}
	const spec = dependencySpec(project, "raft-grade");
	const installed = installedFolder(project, "raft-grade");
	if (installed === undefined) {
		if (spec === undefined) {
			const advice =
				"Install it in the project too, with npm install --save-dev raft-grade: your editor needs its types.";
			return warning(what, `${runs}; not installed in the project`, advice);
		}
		return problem(what, `${runs}; package.json asks for ${spec}, which is not installed`, missing(project, spec));
	}
	if (realpathSync(installed) === running.folder) return good(what, runs);
	const own = installedVersion(project, "raft-grade");
	const seen = `${runs}; the project has ${own === running.version ? "another copy" : own}, in ${installed}`;
	if (own === running.version) return good(what, seen);
	return warning(
		what,
		seen,
		"Run npx raft-grade in the project's folder, so that everyone gets the project's version.",
	);
}

function missing(project: Project, spec: string): string {
	const file = /^(?:file:)(?!\/\/)(.+)$/.exec(spec)?.[1];
	if (file === undefined || existsSync(path.resolve(project.folder, file))) return "Run npm install.";
	return `${file} is not there: correct raft-grade's path in package.json, then run npm install.`;
}

/** A folder that was installed by its path is a link, which leads nowhere once one of the two was moved. */
function staleLink({ folder }: Project): { link: string; to: string } | undefined {
	const link = path.join("node_modules", "raft-grade");
	const place = path.join(folder, link);
	const isLink = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true;
	if (!isLink || existsSync(place)) return undefined;
	return { link, to: path.resolve(path.dirname(place), readlinkSync(place)) };
}

/** Loads the bundler. */
export type LoadEsbuild = () => Promise<Pick<typeof esbuild, "transform" | "version">>;

/** Whether esbuild works: its program is one for each platform, and comes with an install script's help. */
export async function checkEsbuild(load: LoadEsbuild = () => import("esbuild")): Promise<Finding> {
	try {
		const { transform, version } = await load();
		const { code } = await transform("let one: number = 1", { loader: "ts" });
		if (!code.startsWith("let one = 1")) throw new Error(`it made ${code} of a line of TypeScript`);
		return good("esbuild", version);
	} catch (error) {
		const [first] = (error as Error).message.trim().split("\n");
		return problem(
			"esbuild",
			`it does not work here: ${first}`,
			"Delete node_modules and run npm install on this machine, without --omit=optional or --ignore-scripts.",
		);
	}
}

/** Whether `import … from "raft-grade"` has types. */
export function checkTypes(project: Project, running: Running): Finding[] {
	const what = "types";
	if (project.folder === running.folder) return [];
	const folder = installedFolder(project, "raft-grade");
	// That it is not installed has been said.
	if (folder === undefined) return [];
	if (existsSync(path.join(folder, "dist/harness/submission.d.ts")))
		return [good(what, 'import … from "raft-grade" finds them')];
	const advice = `Run npm run build in ${realpathSync(folder)}.`;
	return [warning(what, "raft-grade is a clone that has not been built: your editor finds none", advice)];
}
