import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../usage-error.ts";
import { importConfig } from "./import-config.ts";
import { DEFAULT_POLICY, type Policy } from "./policy.ts";

/** The endings that a config file may have. */
const ENDINGS = [".ts", ".mts", ".js", ".mjs", ".json"];

/** The file that is looked for, without its ending. */
const USUAL_NAME = "raft-grade.config";

/** So many problems are told at once. */
const PROBLEMS_MAX = 10;

/**
 * The policy to grade by.
 *
 * @param option - a config file; false for none, whatever lies about; undefined for the usual one, raft-grade.config.ts (or .mts, .js, .mjs,
 * .json) in `cwd`, if there is one.
 * @param cwd - where paths are relative to, as an absolute path.
 * @throws UsageError if there is no such file, there are two usual ones, or the file has problems: a line for each.
 */
export async function loadPolicy(option: string | false | undefined, cwd: string): Promise<Policy> {
	if (option === false) return DEFAULT_POLICY;
	const file = option === undefined ? findConfig(cwd) : chosenConfig(option, cwd);
	return file === undefined ? DEFAULT_POLICY : readPolicy(file, path.relative(cwd, file) || file);
}

function chosenConfig(option: string, cwd: string): string {
	const file = path.resolve(cwd, option);
	if (!existsSync(file)) throw new UsageError(`there is no config file ${option}`);
	if (statSync(file).isDirectory()) {
		const found = findConfig(file);
		if (found === undefined)
			throw new UsageError(`${option} is a folder without a ${USUAL_NAME}.ts: name a config file`);
		return found;
	}
	if (!ENDINGS.includes(path.extname(file))) {
		throw new UsageError(
			`${option} is no config file: its name must end in ${ENDINGS.join(", ").replace(/, (\S+)$/, " or $1")}`,
		);
	}
	return file;
}

function findConfig(folder: string): string | undefined {
	const found = ENDINGS.map((ending) => path.join(folder, USUAL_NAME + ending)).filter((file) => existsSync(file));
	const [first, second] = found.map((file) => path.basename(file));
	if (second !== undefined) {
		throw new UsageError(`there are ${first} and ${second}: remove one, or name the one that counts with --config`);
	}
	return found[0];
}

async function readPolicy(file: string, name: string): Promise<Policy> {
	const value = await importConfig(file, name);
	// Checking takes libraries that a grading without a config does not need.
	const [{ configSchema }, { describeIssues }, { resolvePolicy }] = await Promise.all([
		import("./schema.ts"),
		import("../schema-issues.ts"),
		import("./resolve.ts"),
	]);
	const checked = configSchema.safeParse(value);
	if (!checked.success) throw problems(name, describeIssues(checked.error, value));
	const sentences: string[] = [];
	const policy = resolvePolicy(checked.data, file, (sentence) => sentences.push(sentence));
	if (sentences.length > 0) throw problems(name, sentences);
	return policy;
}

function problems(name: string, sentences: readonly string[]): UsageError {
	const lines = sentences.slice(0, PROBLEMS_MAX).map((sentence) => `${name}: ${sentence}`);
	const more = sentences.length - lines.length;
	return new UsageError([...lines, ...(more > 0 ? [`${name}: and ${more} more problems`] : [])].join("\n"));
}
