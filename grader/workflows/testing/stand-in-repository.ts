import { chmod, cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { folderWith, ROOT } from "../../testing/command.ts";

/** One call of a program that only writes down how it was called. */
export interface RecordedCall {
	readonly cwd: string;
	readonly args: readonly string[];
	/** The variables that matter to raft-grade. */
	readonly env: Readonly<Record<string, string | undefined>>;
}

/** A repository with our action, in which raft-grade itself is replaced. */
export interface StandInRepository {
	readonly folder: string;
	/** Goes in front of the PATH: an npm that installs nothing. */
	readonly programs: string;
	/** The calls of raft-grade. */
	calls(): Promise<readonly RecordedCall[]>;
	/** The calls of npm. */
	installs(): Promise<readonly RecordedCall[]>;
}

/**
 * Makes one. Its raft-grade prints what looks like a command of GitHub's, and writes the reports that it is asked for.
 *
 * @param exits - exit codes by shard (`2/3`), or for `merge`; otherwise 0. With code 2 or 3 no report is written.
 */
export async function standInRepository(exits: Readonly<Record<string, number>> = {}): Promise<StandInRepository> {
	const records = await folderWith({ calls: "", installs: "" });
	const file = (name: string) => path.join(records, name);
	const folder = await folderWith({
		"package.json": '{ "type": "module" }',
		"tsconfig.json": "{}",
		"grader/bin.js": recorder(file("calls"), exits),
	});
	const action = ".github/actions/raft-grade/action.yml";
	await cp(path.join(ROOT, action), path.join(folder, action));
	const programs = await folderWith({});
	const npm = path.join(programs, "npm");
	await writeFile(npm, `#!${process.execPath}\n${installer(file("installs"))}`);
	await chmod(npm, 0o755);
	const read = async (name: string): Promise<RecordedCall[]> => {
		const lines = (await readFile(file(name), "utf8")).split("\n").filter((line) => line !== "");
		return lines.map((line) => JSON.parse(line));
	};
	return { folder, programs, calls: () => read("calls"), installs: () => read("installs") };
}

function recorder(file: string, exits: Readonly<Record<string, number>>): string {
	return `
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
const args = process.argv.slice(2);
const { TSX_TSCONFIG_PATH, GITHUB_WORKSPACE, GITHUB_OUTPUT } = process.env;
const env = { TSX_TSCONFIG_PATH, GITHUB_WORKSPACE };
appendFileSync(${JSON.stringify(file)}, JSON.stringify({ cwd: process.cwd(), args, env }) + "\\n");
console.log("::error::forged by a submission");
const shard = args.find((arg) => arg.startsWith("--shard="))?.slice("--shard=".length);
const pages = args.find((arg) => arg.startsWith("--trace="))?.slice("--trace=".length);
if (pages !== undefined) {
	mkdirSync(pages + "/hidden", { recursive: true });
	writeFileSync(pages + "/Backup@7.html", "a page");
	writeFileSync(pages + "/hidden/Secret@7.html", "a page of a hidden test");
}
const exits = ${JSON.stringify(exits)};
const code = exits[args[0] === "merge" ? "merge" : shard] ?? 0;
if (code < 2) {
	for (const [, name, path] of args.map((arg) => /^--reporter=(\\w+)=(.*)$/.exec(arg)).filter(Boolean)) {
		writeFileSync(path, name === "github" ? "::notice::annotated\\n" : JSON.stringify({ shard }));
		if (name === "github") appendFileSync(GITHUB_OUTPUT, "passed=" + (code === 0) + "\\nscore=3\\nmax-score=4\\nresult=e30=\\n");
	}
}
process.exitCode = code;
`;
}

function installer(file: string): string {
	return `
const { appendFileSync, mkdirSync, writeFileSync } = require("node:fs");
appendFileSync(${JSON.stringify(file)}, JSON.stringify({ cwd: process.cwd(), args: process.argv.slice(2), env: {} }) + "\\n");
mkdirSync("node_modules");
writeFileSync("node_modules/.package-lock.json", "{}");
`;
}
