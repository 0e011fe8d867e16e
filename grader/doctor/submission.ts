import { realpathSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { bundleProgram, compileProgram, type ProgramSource, TargetError } from "../../harness/index.ts";
import { findTarget, type Target } from "../target.ts";
import { UsageError } from "../usage-error.ts";
import { type Finding, good, problem, warning } from "./finding.ts";
import { dependencySpec, type Project } from "./project.ts";
import { otherSpelling } from "./spelling.ts";

/** Runs a submission where it can do no harm; what is wrong with it, in one sentence, or undefined. */
export type TryTarget = (target: Target) => Promise<string | undefined>;

/** What is known of the submission before it is compiled. */
export interface Submission {
	readonly target: Target | undefined;
	readonly finding: Finding;
}

const FILES_SHOWN = 8;
const MAKE_ONE = "npx raft-grade init . makes one to begin with.";
const NAME_ONE = "Name a file, or a folder that has src/raft.ts or raft.ts.";

/** Finds the submission, as the other commands do. */
export function locateSubmission(spec: string | undefined, cwd: string): Submission {
	const what = "submission";
	try {
		const target = findTarget(spec, cwd);
		const spelled = otherSpelling(target.file);
		return {
			target,
			finding: spelled === undefined ? good(what, target.name) : misspelled(what, target.file, spelled),
		};
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		const usual = ["src/raft.ts", "raft.ts"].map((name) => path.resolve(cwd, spec ?? "", name));
		const wanted = spec === undefined ? usual : [path.resolve(cwd, spec), ...usual];
		const near = wanted
			.map((file) => [file, otherSpelling(file)] as const)
			.find(([, spelled]) => spelled !== undefined);
		if (near?.[1] !== undefined) return { target: undefined, finding: misspelled(what, near[0], near[1]) };
		return { target: undefined, finding: problem(what, error.message, adviceOn(error, spec)) };
	}
}

/** To lay down a template helps only where there is nothing. */
function adviceOn({ message }: UsageError, spec: string | undefined): string {
	if (message.startsWith("raftGrade.target in ")) return "Correct raftGrade.target in package.json.";
	if (/package\.json is not /.test(message)) return "Correct package.json.";
	return spec === undefined ? MAKE_ONE : NAME_ONE;
}

/** Compiles the submission, without running any of it here, and looks at what it consists of. */
export async function checkSubmission(target: Target, project: Project, tryTarget?: TryTarget): Promise<Finding[]> {
	let source: ProgramSource;
	try {
		source = await bundleProgram(target.file);
		compileProgram(source);
	} catch (error) {
		if (!(error instanceof TargetError)) throw error;
		return [doesNotCompile(error.message)];
	}
	return [...(await checkMake(target, tryTarget)), ...checkFiles(source.inputs, target, project)];
}

function doesNotCompile(message: string): Finding {
	const spelled = filesMissed(message)
		.map(otherSpelling)
		.find((other) => other !== undefined);
	const advice =
		spelled === undefined
			? "Correct this first: no test can run before it compiles."
			: `There is a ${path.basename(spelled)}: write its name in the import as it is on the disk.`;
	return problem("compiles", `no: ${message}`, advice);
}

/** The files that an error speaks of, if it is about one that isn't there. The bundler may know it by its name in other capitals. */
function filesMissed(message: string): string[] {
	const [, importer = "", imported] = /^(.*?):\d+:\d+: Could not resolve "(\.[^"]*)"/.exec(message) ?? [];
	const [, unread] = /(?:Could not read from|Cannot read) file: ([^':]+?)(?::|$| \(and )/.exec(message) ?? [];
	const relative = imported === undefined ? [] : [path.resolve(path.dirname(importer), imported)];
	return unread === undefined ? relative : [...relative, path.resolve(unread)];
}

async function checkMake(target: Target, tryTarget: TryTarget | undefined): Promise<Finding[]> {
	const names = await exportsOf(target.file);
	if (names !== undefined && !names.includes("make")) {
		const seen = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}, but not make`;
		return [good("compiles", "yes"), problem("make", seen, "Export it: export const make: Make = (peers, me, …) => …")];
	}
	const compiles = good("compiles", names === undefined ? "yes (a CommonJS module)" : "yes, and exports make");
	if (tryTarget === undefined) return [compiles];
	const trouble = await tryTarget(target);
	const tried =
		trouble === undefined
			? good("starts", "three servers of it start and stop")
			: problem("starts", trouble, "Correct this first: no test can pass before it starts.");
	return [compiles, tried];
}

/** The names that a module exports; undefined if it is a CommonJS module, which only shows when it runs. */
async function exportsOf(file: string): Promise<readonly string[] | undefined> {
	const { build } = await import("esbuild");
	const { metafile } = await build({
		absWorkingDir: path.dirname(file),
		entryPoints: [file],
		outfile: "submission.js",
		bundle: true,
		write: false,
		metafile: true,
		format: "esm",
		platform: "neutral",
		mainFields: ["module", "main"],
		supported: { "dynamic-import": false, "top-level-await": true },
		external: ["raft-grade", "node:*", ...builtinModules],
		// What it says is none of this: it is looked at elsewhere.
		tsconfigRaw: {},
		logLevel: "silent",
	});
	const [output] = Object.values(metafile.outputs);
	const entry = Object.entries(metafile.inputs).find(
		([name]) => path.resolve(path.dirname(file), name) === realpathSync(file),
	);
	return entry?.[1].format === "cjs" ? undefined : output?.exports;
}

function checkFiles(inputs: readonly string[], target: Target, project: Project): Finding[] {
	const main = realpathSync(target.file);
	const folder = main.startsWith(project.folder + path.sep) ? project.folder : path.dirname(main);
	// A package that is judged itself lies in node_modules with all of its files.
	const isImported = (file: string) => packageFolderOf(file) !== packageFolderOf(main);
	const own = inputs.filter((file) => !isImported(file));
	const names = own.map((file) => path.relative(folder, file)).sort();
	const more = names.length > FILES_SHOWN ? `, and ${names.length - FILES_SHOWN} more` : "";
	const seen = `${names.length}: ${names.slice(0, FILES_SHOWN).join(", ")}${more}`;
	const packages = [...new Set(inputs.filter(isImported).map(packageOf))].sort();
	return [good("files", seen), ...(packages.length === 0 ? [] : [checkPackages(packages, project)])];
}

const IN_MODULES = `${path.sep}node_modules${path.sep}`;

/** What of a file's path is its package's; empty for a file in no package that was installed. */
function packageFolderOf(file: string): string {
	const at = file.lastIndexOf(IN_MODULES);
	return at < 0 ? "" : file.slice(0, at + IN_MODULES.length) + packageOf(file);
}

function packageOf(file: string): string {
	const inside = file.slice(file.lastIndexOf(IN_MODULES) + IN_MODULES.length);
	const [first = "", second = ""] = inside.split(path.sep);
	return first.startsWith("@") ? `${first}/${second}` : first;
}

/** Packages are part of what is handed in only by their names in package.json. */
function checkPackages(packages: readonly string[], project: Project): Finding {
	const unnamed = packages.filter((name) => dependencySpec(project, name) === undefined);
	if (unnamed.length === 0) return good("packages", packages.join(", "));
	const seen = `${packages.join(", ")}; package.json does not name ${unnamed.join(", ")}`;
	return warning("packages", seen, `Unless another package brings it along, npm install ${unnamed.join(" ")}.`);
}

function misspelled(what: string, wanted: string, spelled: string): Finding {
	const [as, is] = [path.basename(wanted), path.basename(spelled)];
	const names = as === is ? [path.basename(path.dirname(wanted)), path.basename(path.dirname(spelled))] : [as, is];
	return problem(
		what,
		`it is called ${names[1]}, but looked for as ${names[0]}`,
		"Give it that name, capitals included: not every machine takes them for the same.",
	);
}
