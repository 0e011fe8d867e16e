import { UsageError } from "../../usage-error.ts";

/** A package.json, or a part of one. */
type Manifest = Record<string, unknown>;

/** A package.json that has all it needs. */
export interface CompletedManifest {
	readonly text: string;
	/** What it lacked, as `scripts.2A`. */
	readonly added: readonly string[];
	/** What it has otherwise than the template, in so far as that changes what the template's commands do. */
	readonly kept: readonly string[];
}

/** A project's first package.json. */
export function newManifest(template: Manifest, folderName: string, spec: string): string {
	return `${JSON.stringify(forProject(template, folderName, spec), null, "\t")}\n`;
}

/**
 * Adds to a package.json what it lacks, and leaves what it has, its order and its indentation.
 *
 * @param file - how to name it in an error.
 * @throws UsageError if it isn't valid, or has something else where an object belongs.
 */
export function completeManifest(
	text: string,
	file: string,
	template: Manifest,
	folderName: string,
	spec: string,
): CompletedManifest {
	const present = parse(text, file);
	const wanted = forProject(template, folderName, spec);
	removeWhatIsThereElsewhere(present, wanted.devDependencies as Manifest);
	const added: string[] = [];
	const kept: string[] = [];
	for (const [key, value] of Object.entries(wanted)) {
		if (!isObject(value)) complete(present, key, value, key, added, kept);
		else if (Object.keys(value).length > 0) {
			present[key] ??= {};
			const inner = present[key];
			if (!isObject(inner)) throw new UsageError(`init: "${key}" in ${file} must be an object; nothing was written`);
			for (const [name, wish] of Object.entries(value)) complete(inner, name, wish, `${key}.${name}`, added, kept);
		}
	}
	return { text: formattedLike(text, present), added, kept };
}

/** As JSON, with the indentation and the ends of lines that `text` has. */
function formattedLike(text: string, value: Manifest): string {
	const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? "\t";
	const isOpenEnded = text.includes("\n") && !text.endsWith("\n");
	const written = JSON.stringify(value, null, indent) + (isOpenEnded ? "" : "\n");
	return text.includes("\r\n") ? written.replaceAll("\n", "\r\n") : written;
}

/** A name that npm takes, made of a folder's. */
export function packageName(folderName: string, taken: readonly string[]): string {
	const name = folderName
		.normalize("NFKD")
		.toLowerCase()
		.replaceAll(/\p{Mark}/gu, "")
		.replaceAll(/[^a-z0-9._-]+/g, "-")
		.replace(/^[._-]+/, "")
		.slice(0, 100)
		.replace(/[._-]+$/, "");
	if (name === "" || name === "node_modules" || name === "favicon.ico") return "raft-lab";
	// A package can't depend on one of its own name.
	return taken.includes(name) ? `${name}-lab` : name;
}

function forProject(template: Manifest, folderName: string, spec: string): Manifest {
	const devDependencies = { ...(template.devDependencies as Manifest), "raft-grade": spec };
	return { ...template, name: packageName(folderName, Object.keys(devDependencies)), devDependencies };
}

/** These say who somebody is rather than how to work: nobody needs to hear that they differ. */
const SILENTLY_KEPT = ["name", "version", "private", "engines.node"];

function complete(into: Manifest, key: string, value: unknown, where: string, added: string[], kept: string[]): void {
	if (!Object.hasOwn(into, key)) {
		into[key] = value;
		added.push(where);
	} else if (into[key] !== value && !SILENTLY_KEPT.includes(where) && !where.startsWith("devDependencies.")) {
		kept.push(`${where} (the template has ${JSON.stringify(value)})`);
	}
}

/** What is a dependency of another kind needs not be one for development too. */
function removeWhatIsThereElsewhere(present: Manifest, wanted: Manifest): void {
	for (const kind of ["dependencies", "optionalDependencies"]) {
		const others = present[kind];
		if (isObject(others)) for (const name of Object.keys(others)) delete wanted[name];
	}
}

function parse(text: string, file: string): Manifest {
	let parsed: unknown;
	try {
		parsed = JSON.parse(text.replace(/^\uFEFF/, ""));
	} catch (error) {
		throw new UsageError(`init: ${file} is not valid JSON: ${(error as Error).message}; nothing was written`);
	}
	if (isObject(parsed)) return parsed;
	throw new UsageError(`init: ${file} must hold an object; nothing was written`);
}

function isObject(value: unknown): value is Manifest {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
