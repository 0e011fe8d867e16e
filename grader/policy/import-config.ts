import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UsageError } from "../usage-error.ts";

/**
 * What a config file says: the value in a JSON file, or the default export of a module. A module is course staff's own code, and runs here.
 *
 * @param file - an absolute path.
 * @param name - how to name the file to a person.
 * @throws UsageError if it cannot be read, is not valid, throws, or exports nothing by default.
 */
export async function importConfig(file: string, name: string): Promise<unknown> {
	return file.endsWith(".json") ? readJson(file, name) : importModule(file, name);
}

async function readJson(file: string, name: string): Promise<unknown> {
	const text = await readFile(file, "utf8");
	try {
		return JSON.parse(text.replace(/^\uFEFF/, ""));
	} catch (error) {
		throw new UsageError(`${name} is not valid JSON: ${(error as Error).message}`);
	}
}

async function importModule(file: string, name: string): Promise<unknown> {
	// Loaded only when there is a module to load: most gradings have none.
	const { tsImport } = await import("tsx/esm/api");
	let module: { default?: unknown };
	try {
		// Whatever tsconfig.json lies in the folder that the command runs in is none of the config's.
		module = await tsImport(pathToFileURL(file).href, { parentURL: import.meta.url, tsconfig: false });
	} catch (error) {
		throw new UsageError(describeError(error, file, name));
	}
	const value = unwrap(module.default);
	if (value === undefined) {
		throw new UsageError(`${name} has no default export: write export default defineConfig({ … })`);
	}
	return value;
}

/** In a package that is not of type "module", a .ts file is CommonJS, and its default export a property of what is imported. */
function unwrap(value: unknown): unknown {
	const isInterop = typeof value === "object" && value !== null && "__esModule" in value;
	return isInterop ? (value as { default?: unknown }).default : value;
}

function describeError(error: unknown, file: string, name: string): string {
	if (!(error instanceof Error)) return `${name} throws ${String(error)}`;
	const { code } = error as NodeJS.ErrnoException;
	const missing = /^Cannot find (?:module|package) '([^']+)'/.exec(error.message)?.[1];
	if (missing !== undefined && (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND")) {
		return missing.startsWith("raft-grade")
			? `${name} imports ${missing}, which is not installed there: npm install --save-dev raft-grade, or export a plain object, which needs no import`
			: `${name} imports ${missing}, which cannot be found`;
	}
	const syntax = describeSyntaxError(error.message, file, name);
	if (syntax !== undefined) return syntax;
	const place = placeOf(error.stack ?? "", file, name);
	return `${place ?? name} throws ${error.name}: ${error.message.replaceAll(/\s*\n\s*/g, " ")}`;
}

/** What esbuild, by which tsx reads TypeScript, says of a module that is none; it counts columns from 0. */
function describeSyntaxError(message: string, file: string, name: string): string | undefined {
	const [, where, line, column, what] = /^Transform failed.*\n(.*?):(\d+):(\d+): (?:ERROR: )?(.*)/.exec(message) ?? [];
	return where === undefined ? undefined : `${nameOf(where, file, name)}:${line}:${Number(column) + 1}: ${what}`;
}

/** The innermost place in the config, or in a module that it imports by relative path, as `file:line:column`. */
function placeOf(stack: string, file: string, name: string): string | undefined {
	for (const frame of stack.split("\n")) {
		const [, where, line] =
			/^ {4}at (?:async |.*\()?(\/[^()]*?|[A-Z]:\\[^()]*?|file:\/\/[^()]*?):(\d+:\d+)\)?$/i.exec(frame) ?? [];
		if (where === undefined || line === undefined) continue;
		const place = (where.startsWith("file:") ? fileURLToPath(where) : where).replace(/\?.*$/, "");
		if (place.includes(`${path.sep}node_modules${path.sep}`)) continue;
		const isNear = place === file || place.startsWith(path.dirname(file) + path.sep);
		if (isNear) return `${nameOf(place, file, name)}:${line}`;
	}
	return undefined;
}

function nameOf(place: string, file: string, name: string): string {
	const bare = place.replace(/\?.*$/, "");
	return bare === file ? name : path.join(path.dirname(name), path.relative(path.dirname(file), bare));
}
