import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { type Finding, good, problem, warning } from "./finding.ts";
import { parseJsonWithComments } from "./json-with-comments.ts";
import { dependencySpec, installedVersion, type Project } from "./project.ts";
import { isAtLeast } from "./version.ts";

type CompilerOptions = Readonly<Record<string, unknown>>;

/** verbatimModuleSyntax and allowImportingTsExtensions came with this one. */
const OLDEST_TYPESCRIPT = "5.0";
/** How many configurations may extend each other: more, and they go in a circle. */
const LONGEST_CHAIN = 16;

/** What the template's stub needs of a tsconfig.json, and what to put there. */
const NEEDED: readonly { readonly isMet: (options: CompilerOptions) => boolean; readonly setting: string }[] = [
	{ isMet: resolvesExports, setting: '"module": "NodeNext"' },
	{ isMet: ({ strict }) => strict === true, setting: '"strict": true' },
	{ isMet: ({ noEmit }) => noEmit === true, setting: '"noEmit": true' },
	{ isMet: allowsTsEndings, setting: '"allowImportingTsExtensions": true' },
];

/** TypeScript's version and settings, and package.json's type, which it reads too. A project in JavaScript needs none of it. */
export function checkTypeScript(project: Project, submission: string | undefined): Finding[] {
	const file = path.join(project.folder, "tsconfig.json");
	const isUsed = existsSync(file) || dependencySpec(project, "typescript") !== undefined;
	if (!isUsed && !/ts$/.test(submission ?? "")) return [];
	return [checkVersion(project), ...checkSettings(project, file, submission)];
}

function checkVersion(project: Project): Finding {
	const what = "TypeScript";
	const version = installedVersion(project, "typescript");
	if (version === undefined) {
		const advice =
			dependencySpec(project, "typescript") === undefined
				? "Install it with npm install --save-dev typescript: it finds mistakes before a test does."
				: "Run npm install.";
		return warning(what, "not installed (the tests don't need it, npm run check does)", advice);
	}
	if (isAtLeast(version, OLDEST_TYPESCRIPT)) return good(what, version);
	return warning(
		what,
		version,
		`Install TypeScript ${OLDEST_TYPESCRIPT} or later with npm install --save-dev typescript.`,
	);
}

function checkSettings(project: Project, file: string, submission: string | undefined): Finding[] {
	const what = "tsconfig.json";
	if (!existsSync(file)) {
		return [warning(what, "there is none", "Take the template's: npx raft-grade init in an empty folder shows it.")];
	}
	let options: CompilerOptions;
	try {
		options = readOptions(file);
	} catch (error) {
		return [problem(what, `not valid: ${(error as Error).message}`, `Correct ${file}.`)];
	}
	const lacking = NEEDED.filter(({ isMet }) => !isMet(options)).map(({ setting }) => setting);
	const settings =
		lacking.length === 0
			? good(what, "has what the stub needs")
			: warning(what, "lacks what the stub needs", `Put ${lacking.join(", ")} into its compilerOptions.`);
	return [settings, ...checkModuleType(project, options, submission)];
}

/** Without "type": "module" a .ts file is CommonJS to TypeScript, which then refuses import and export as they stand. */
function checkModuleType(project: Project, options: CompilerOptions, submission: string | undefined): Finding[] {
	const isAsked = options.verbatimModuleSyntax === true && /^node/i.test(String(options.module));
	const isNamed = submission === undefined || /[^m][jt]s$/.test(submission);
	if (!isAsked || !isNamed || project.manifest === undefined || project.manifest.type === "module") return [];
	const seen = `"type" is ${JSON.stringify(project.manifest.type) ?? "not set"}: npm run check refuses import and export`;
	return [warning("modules", seen, 'Put "type": "module" into package.json; the tests run all the same.')];
}

function resolvesExports({ module, moduleResolution }: CompilerOptions): boolean {
	const resolution = String(moduleResolution ?? module ?? "").toLowerCase();
	return /^(node\d+|nodenext|bundler|preserve)$/.test(resolution) && resolution !== "node10";
}

function allowsTsEndings({ allowImportingTsExtensions, rewriteRelativeImportExtensions }: CompilerOptions): boolean {
	return allowImportingTsExtensions === true || rewriteRelativeImportExtensions === true;
}

/** A configuration's compiler options, with those of the configurations that it extends. */
function readOptions(file: string, depth = 0): CompilerOptions {
	if (depth > LONGEST_CHAIN) throw new Error(`${file} extends itself`);
	let parsed: { extends?: string | string[]; compilerOptions?: CompilerOptions };
	try {
		parsed = (parseJsonWithComments(readFileSync(file, "utf8")) ?? {}) as typeof parsed;
	} catch (error) {
		throw new Error(depth === 0 ? (error as Error).message : `${file}: ${(error as Error).message}`);
	}
	const bases = [parsed.extends ?? []].flat().map((base) => readOptions(locate(base, file), depth + 1));
	return Object.assign({}, ...bases, parsed.compilerOptions);
}

/** The file that `extends` names: a path, with or without .json, or a package's. */
function locate(base: string, file: string): string {
	const folder = path.dirname(file);
	const isPath = /^\.{1,2}([\\/]|$)/.test(base) || path.isAbsolute(base);
	const starts = isPath
		? [path.resolve(folder, base)]
		: foldersUp(folder).map((at) => path.join(at, "node_modules", base));
	const places = starts.flatMap((start) => [start, `${start}.json`, path.join(start, "tsconfig.json")]);
	const found = places.find((place) => statSync(place, { throwIfNoEntry: false })?.isFile());
	if (found === undefined) throw new Error(`it extends ${base}, which is not there`);
	return found;
}

function foldersUp(from: string): string[] {
	const parent = path.dirname(from);
	return parent === from ? [from] : [from, ...foldersUp(parent)];
}
