import { readFileSync } from "node:fs";
import path from "node:path";
import { PACKAGE_ROOT, readVersion } from "../../package-root.ts";

/**
 * What to put into a new project's package.json so that it gets the raft-grade that is running: where that was installed from,
 * according to the project in whose node_modules it lies (for npx, that is a folder in npm's cache); the clone, if it runs from
 * one; else its version.
 *
 * @param folder - the project's folder, as a real path.
 */
export function ownSpec(folder: string, root = PACKAGE_ROOT): string {
	const projects = projectsAbove(root);
	if (projects.length === 0) return asFile(root, folder);
	for (const project of projects) {
		const spec = specIn(project);
		if (spec !== undefined) return moved(spec, project, folder) ?? asVersion();
	}
	return asVersion();
}

function asVersion(): string {
	return `^${readVersion()}`;
}

/** The folders in whose node_modules it lies, the nearest first: package managers may nest them. */
function projectsAbove(root: string): string[] {
	const projects: string[] = [];
	for (let folder = path.dirname(root); folder !== path.dirname(folder); folder = path.dirname(folder)) {
		if (path.basename(folder) === "node_modules") projects.push(path.dirname(folder));
	}
	return projects;
}

function specIn(project: string): string | undefined {
	let manifest: Record<string, Record<string, unknown> | undefined>;
	try {
		manifest = JSON.parse(readFileSync(path.join(project, "package.json"), "utf8")) ?? {};
	} catch {
		return undefined; // not the project that installed it
	}
	const kinds = ["devDependencies", "dependencies", "optionalDependencies"];
	const spec = kinds.map((kind) => manifest[kind]?.["raft-grade"]).find((found) => typeof found === "string");
	return typeof spec === "string" ? spec : undefined;
}

/** The same spec for another folder; undefined if it only means something where it stands. */
function moved(spec: string, from: string, to: string): string | undefined {
	if (/^(workspace|catalog):/.test(spec)) return undefined;
	// A file's path: behind file:, link: or portal:, or as it is, when somebody wrote it by hand.
	const file = /^(?:file|link|portal):(?!\/\/)(.*)$/.exec(spec)?.[1] ?? /^\.{1,2}(?:[\\/].*)?$/.exec(spec)?.[0];
	if (file === undefined || file.startsWith("~") || path.isAbsolute(file)) return spec;
	return asFile(path.resolve(from, file), to);
}

/** Relative, so that the two can move together; from another drive there is only the absolute path. */
function asFile(target: string, folder: string): string {
	return `file:${path.relative(folder, target).split(path.sep).join("/")}`;
}
