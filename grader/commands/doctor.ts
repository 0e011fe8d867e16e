import { readFileSync } from "node:fs";
import path from "node:path";
import pc from "picocolors";
import type { Finding, Level } from "../doctor/finding.ts";
import { checkGit } from "../doctor/git.ts";
import { checkEsbuild, checkInstallation, checkTypes, type LoadEsbuild, type Running } from "../doctor/installation.ts";
import { checkMachine, thisMachine } from "../doctor/machine.ts";
import { checkManifest, findProject } from "../doctor/project.ts";
import { checkSubmission, locateSubmission, type TryTarget } from "../doctor/submission.ts";
import { checkTypeScript } from "../doctor/typescript.ts";
import { ExitCode } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { PACKAGE_ROOT, readVersion } from "../package-root.ts";
import { WIDTH, wrap } from "../report/text.ts";

export interface DoctorOptions {
	/** As the other commands take it; undefined for the usual place. */
	readonly target: string | undefined;
	/** An absolute path. */
	readonly cwd: string;
	/** Runs the submission where it can do no harm; without it, it is compiled only. */
	readonly tryTarget?: TryTarget;
	/** The bundler that is looked at. */
	readonly loadEsbuild?: LoadEsbuild;
}

const MARKS: Readonly<Record<Level, string>> = { good: pc.green("✓"), warning: pc.yellow("!"), problem: pc.red("✗") };
const INDENT = 17;

/**
 * Says what is wrong with a set-up: a line for each check, and for what isn't right, what to do. Nothing of the submission runs in this
 * process.
 *
 * @returns passed, or unusable if nothing can be graded like this.
 */
export async function doctor(options: DoctorOptions, output: Output): Promise<ExitCode> {
	const findings = await examine(options);
	for (const finding of findings) for (const line of describe(finding)) output.line(line);
	const problems = count(findings, "problem");
	const warnings = count(findings, "warning");
	output.line("");
	if (problems > 0) output.line(`${plural(problems, "thing")} to put right before a test can run`);
	else output.line(warnings === 0 ? "all is well" : `ready to run; ${plural(warnings, "thing")} to look at`);
	return problems > 0 ? ExitCode.unusable : ExitCode.passed;
}

async function examine({ target: spec, cwd, tryTarget, loadEsbuild }: DoctorOptions): Promise<Finding[]> {
	const running: Running = { folder: PACKAGE_ROOT, version: readVersion() };
	const { target, finding } = locateSubmission(spec, cwd);
	const isOwn = spec === "reference" || spec === "template";
	const project = findProject(spec === undefined || target === undefined || isOwn ? cwd : path.dirname(target.file));
	const esbuild = await checkEsbuild(loadEsbuild);
	const canCompile = target !== undefined && esbuild.level === "good";
	return [
		...checkMachine(thisMachine(engines())),
		checkInstallation(project, running),
		esbuild,
		checkManifest(project, cwd),
		finding,
		...(canCompile ? await checkSubmission(target, project, tryTarget) : []),
		...checkTypeScript(project, target?.file),
		...checkTypes(project, running),
		checkGit(project),
	];
}

/** The versions of Node that raft-grade is for. */
function engines(): string {
	return JSON.parse(readFileSync(path.join(PACKAGE_ROOT, "package.json"), "utf8")).engines.node;
}

function describe({ level, what, seen, advice }: Finding): string[] {
	const label = `${MARKS[level]} ${what.padEnd(INDENT - 2)}`;
	const lines = wrap(seen, WIDTH - INDENT).map((line, i) => (i === 0 ? label : " ".repeat(INDENT)) + line);
	const todo = advice === "" ? [] : wrap(advice, WIDTH - INDENT).map((line) => " ".repeat(INDENT) + pc.bold(line));
	return [...lines, ...todo];
}

function count(findings: readonly Finding[], level: Level): number {
	return findings.filter((finding) => finding.level === level).length;
}

function plural(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? "" : "s"}`;
}
