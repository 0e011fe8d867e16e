import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parse } from "yaml";
import { readCommandLine } from "../grader/cli.ts";
import { explainTest } from "../grader/commands/explain.ts";
import { KNOWN_TESTS } from "../grader/policy/policy.ts";
import { selectTests } from "../grader/selection.ts";
import { folderWith, ROOT, raftGrade, removeFolders, run } from "../grader/testing/command.ts";
import { heard } from "../grader/testing/heard.ts";
import { catalog, parts } from "../labs/catalog.ts";

const TEMPLATE = fileURLToPath(new URL("./", import.meta.url));
const HANDOUTS = parts.map(({ part }) => `labs/handouts/${part}.md`);

/** The commands that a text names, without `npx raft-grade`. */
function commandsIn(text: string): string[][] {
	const commands = [...text.matchAll(/npx raft-grade ([^`#\n]+)/g)].map(([, command = ""]) => command);
	return commands.map((command) => command.replaceAll("<seed>", "1f3a").trim().split(/\s+/));
}

/** Carries out as much of a command as shows whether there is such a thing. */
async function tryCommand(args: readonly string[]): Promise<void> {
	const line = readCommandLine(args, "0.0.0");
	if (line?.command === "explain") await explainTest({ test: line.test }, heard());
	if (line?.command === "grade") selectTests(line.options.words, line.options.grep, KNOWN_TESTS);
}

describe("the student template", () => {
	after(removeFolders);

	it("type-checks under its own settings", async () => {
		// What a student has in node_modules is here in the repository.
		const folder = await folderWith({
			"tsconfig.json": JSON.stringify({
				extends: path.join(TEMPLATE, "tsconfig.json"),
				compilerOptions: {
					paths: { "raft-grade": [path.join(ROOT, "harness/submission.ts")] },
					typeRoots: [path.join(ROOT, "node_modules/@types")],
				},
				include: [path.join(TEMPLATE, "src")],
			}),
		});
		const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
		const { code, stdout } = await run(process.execPath, [tsc, "--noEmit", "-p", folder], ROOT);
		expect(stdout).to.equal("");
		expect(code).to.equal(0);
	});

	it("fails all tests, each for want of a leader", async () => {
		const { code, stdout, stderr } = await raftGrade(["all", "--target", "template"]);
		expect(stderr).to.equal("");
		expect(code).to.equal(1);
		expect(stdout).to.include(`0 of ${catalog.length} passed`);
		const screens = stdout.split(/^FAIL (?=.*\d points?\))/m).slice(1);
		expect(screens.map((screen) => screen.split(" ")[0])).to.deep.equal(catalog.map(({ id }) => id));
		for (const screen of screens) {
			const [, sentence] = /virtual time\n(.*?)\n {2}\S* {2,}/s.exec(screen) ?? [];
			expect(sentence?.replaceAll(/\s+/g, " "), screen).to.match(
				/expected one leader, got none: S0 term 0|failed to reach agreement: no server took the command as leader: S0 term 0/,
			);
		}
	});

	it("has a command for each part, and names its submission", () => {
		const { scripts, raftGrade } = JSON.parse(readFileSync(path.join(TEMPLATE, "package.json"), "utf8"));
		for (const { part } of parts) expect(scripts[part]).to.equal(`raft-grade ${part}`);
		expect(existsSync(path.join(TEMPLATE, raftGrade.target))).to.equal(true);
	});

	it("names only commands that there are, as do the handouts", async () => {
		for (const file of ["student-template/README.md", ...HANDOUTS]) {
			const commands = commandsIn(readFileSync(path.join(ROOT, file), "utf8"));
			expect(commands, file).to.not.have.lengthOf(0);
			for (const args of commands) {
				await tryCommand(args).catch((error: Error) => {
					throw new Error(`${file}: raft-grade ${args.join(" ")}: ${error.message}`);
				});
			}
		}
	});

	it("grades on every push, over several schedules, where a failure can be seen", async () => {
		const { on, jobs } = parse(readFileSync(path.join(TEMPLATE, ".github/workflows/grade.yml"), "utf8"));
		expect(on).to.equal("push");
		const commands = jobs.grade.steps.map(({ run: command }: { run?: string }) => command);
		expect(commands.at(-1)).to.equal("npx raft-grade all --race-repeat 10 --reporter github");
		await tryCommand(commands.at(-1).split(" ").slice(2));
	});
});
