import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { type Finding, good, problem, warning } from "./finding.ts";

/** A folder with a package.json, or one without. */
export interface Project {
	/** Its real path. */
	readonly folder: string;
	/** Its package.json; undefined if there is none, or none that can be read. */
	readonly manifest: Readonly<Record<string, unknown>> | undefined;
	/** Why its package.json can't be read; undefined if it can, or if there is none. */
	readonly trouble: string | undefined;
}

/**
 * The project that a folder belongs to: the nearest folder with a package.json, here or further up, else the folder itself.
 *
 * @param from - an absolute path that exists.
 */
export function findProject(from: string): Project {
	const start = realpathSync(from);
	for (let folder = start; ; folder = path.dirname(folder)) {
		if (existsSync(path.join(folder, "package.json"))) return { folder, ...read(path.join(folder, "package.json")) };
		if (folder === path.dirname(folder)) return { folder: start, manifest: undefined, trouble: undefined };
	}
}

function read(file: string): Pick<Project, "manifest" | "trouble"> {
	try {
		const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
		if (isObject(parsed)) return { manifest: parsed, trouble: undefined };
		return { manifest: undefined, trouble: "it does not hold an object" };
	} catch (error) {
		return { manifest: undefined, trouble: (error as Error).message };
	}
}

/** The spec under which a project has a dependency of any kind, if it has it. */
export function dependencySpec({ manifest }: Project, name: string): string | undefined {
	for (const kind of ["devDependencies", "dependencies", "optionalDependencies", "peerDependencies"]) {
		const group = manifest?.[kind];
		const spec = isObject(group) ? group[name] : undefined;
		if (typeof spec === "string") return spec;
	}
	return undefined;
}

/** The folder of a package as Node finds it from a project: in node_modules there or further up. */
export function installedFolder({ folder }: Project, name: string): string | undefined {
	for (let at = folder; ; at = path.dirname(at)) {
		const place = path.join(at, "node_modules", name);
		if (existsSync(path.join(place, "package.json"))) return place;
		if (at === path.dirname(at)) return undefined;
	}
}

/** The version of an installed package, or undefined if it is not installed. */
export function installedVersion(project: Project, name: string): string | undefined {
	const folder = installedFolder(project, name);
	return folder === undefined ? undefined : String(read(path.join(folder, "package.json")).manifest?.version);
}

/** Whether the project's package.json is there, and can be read, and where it is. */
export function checkManifest(project: Project, cwd: string): Finding {
	const what = "package.json";
	if (project.trouble !== undefined) {
		return problem(what, `not valid: ${project.trouble}`, `Correct ${path.join(project.folder, what)}.`);
	}
	if (project.manifest === undefined) {
		return warning(what, "there is none", "npx raft-grade init . makes one that has the usual commands.");
	}
	const where = path.relative(realpathSync(cwd), project.folder);
	return good(what, where === "" ? "valid" : `valid (${path.join(where, what)})`);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
