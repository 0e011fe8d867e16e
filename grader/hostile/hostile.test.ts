import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { bundleProgram, TargetError } from "../../harness/index.ts";
import { bundleSubmission } from "../../harness/machine/bundle.ts";
import { CORPUS } from "./corpus/index.ts";
import { gradeHostile, SECRETS } from "./grade.ts";
import { type Hostile, mustFail, testsOf } from "./hostile.ts";
import { inTurn } from "./in-turn.ts";
import { judgeHostile } from "./judge.ts";
import { layOut } from "./lay-out.ts";
import { withTable } from "./table.ts";
import type { Verdicts } from "./verdicts.ts";

const ALL = [...CORPUS.values()].flat();
/** Control characters other than a newline and a tab; and lines that a CI system takes for commands. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]|^(?:::|##(?:vso)?\[)/m;

/** These are graded by the real command: what they attack is the program around the workers. */
const BY_COMMAND = ["Forgery", "Files and bundling", "Environment, network, other processes"];

describe("a hostile submission", function () {
	this.timeout(120_000);

	describe("graded by the command", () => {
		const submissions = themes((theme) => BY_COMMAND.includes(theme));
		const graded = inTurn(submissions, gradeHostile);
		for (const [n, hostile] of submissions.entries()) {
			it(`${hostile.name}: ${hostile.tries}`, async () => {
				const { code, strayFiles, ...verdicts } = await graded(n);
				expectHarmless(verdicts);
				expectVerdict(hostile, verdicts);
				expect(verdicts.said).to.not.match(DANGEROUS);
				expect(strayFiles).to.deep.equal([]);
				const isPassed = mustFail(hostile).length === 0;
				expect(code, verdicts.said.slice(0, 2_000)).to.equal(hostile.gets.kind === "unusable" ? 2 : isPassed ? 0 : 1);
			});
		}
	});

	describe("judged in one process with others", () => {
		const submissions = themes((theme) => !BY_COMMAND.includes(theme));
		const judged = inTurn(submissions, (hostile) => judgeHostile(hostile, "reference", isStopped(hostile) ? 1 : 2));
		for (const [n, hostile] of submissions.entries()) {
			it(`${hostile.name}: ${hostile.tries}`, async () => {
				const verdicts = await judged(n);
				expectHarmless(verdicts);
				expectVerdict(hostile, verdicts);
			});
		}

		it("leaves nothing behind for who comes next", async () => {
			const { passed } = await judgeHostile(NOBODY, "reference", 2);
			expect(passed).to.deep.equal(testsOf(NOBODY));
		});
	});

	describe("that would pass nothing passes nothing with", () => {
		const submissions = themes(() => true).filter((hostile) => hostile.act !== undefined && !isStopped(hostile));
		const judged = inTurn(submissions, (hostile) => judgeHostile(hostile, "stub", 1));
		for (const [n, { name }] of submissions.entries()) {
			it(name, async () => {
				expect((await judged(n)).passed).to.deep.equal([]);
			});
		}
	});
});

describe("the bundler", () => {
	it("is stopped when it looks through the whole disk for what a submission may mean", async () => {
		const folder = await mkdtemp(path.join(os.tmpdir(), "raft-grade-hostile-"));
		const file = path.join(folder, "raft.ts");
		try {
			const up = "../".repeat(12);
			await layOut({ ...NOBODY, files: { "raft.ts": `require("${up}" + Math.random());` } }, "stub", folder);
			const thrown = await bundleSubmission(file, [], folder, 200).catch((error: unknown) => error);
			expect(thrown).to.be.instanceOf(TargetError);
			expect((thrown as Error).message).to.equal(
				"bundling it took more than 0.2 s and was stopped: what does it import?",
			);
			// And whoever comes next finds a bundler.
			await layOut({ ...NOBODY, files: { "raft.ts": 'export { make } from "./stub.ts";' } }, "stub", folder);
			expect((await bundleProgram(file, [], folder)).inputs).to.have.lengthOf(2);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}).timeout(20_000);
});

describe("docs/trust.md", () => {
	it("has the corpus as it is: npx tsx grader/hostile/write-table.ts", async () => {
		const page = await readFile(new URL("../../docs/trust.md", import.meta.url), "utf8");
		expect(withTable(page)).to.equal(page);
	});

	it("names each submission once", () => {
		const names = ALL.map(({ name }) => name);
		expect(new Set(names).size).to.equal(names.length);
	});
});

const NOBODY: Hostile = { name: "nobody", tries: "does nothing", gets: { kind: "nothing" } };

function themes(isChosen: (theme: string) => boolean): Hostile[] {
	const chosen = [...CORPUS].filter(([theme]) => isChosen(theme));
	return chosen.flatMap(([, submissions]) => submissions);
}

/** Whether it never gets as far as a verdict of its own. */
function isStopped({ gets }: Hostile): boolean {
	return gets.kind === "unusable" || (gets.kind === "failure" && gets.contained !== undefined);
}

/** What holds for each of them: it gets nowhere, and raft-grade stays whole. */
function expectHarmless({ said }: Verdicts): void {
	expect(said).to.not.include("a fault of raft-grade itself");
	expect(said).to.not.include("ESCAPED");
	for (const secret of SECRETS) expect(said).to.not.include(secret);
	// No stack trace of ours.
	expect(said).to.not.match(/^\s+at .*(?:grader|harness|labs|node:internal)/m);
}

function expectVerdict(hostile: Hostile, { unusable, passed, failures }: Verdicts): void {
	const { gets } = hostile;
	if (gets.kind === "harm") return;
	if (gets.kind === "unusable") {
		expect(unusable).to.match(gets.says);
		return;
	}
	expect(unusable).to.equal(undefined);
	const failing = mustFail(hostile);
	const messages = failures.map(({ message }) => message.slice(0, 300)).join("\n");
	expect([...passed].sort(), messages).to.deep.equal(
		testsOf(hostile)
			.filter((test) => !failing.includes(test))
			.sort(),
	);
	if (gets.kind === "nothing") return;
	for (const { test, message, contained } of failures) {
		expect(message, test).to.match(gets.says);
		if (gets.contained !== "either") expect(contained, test).to.equal(gets.contained === true);
	}
}
