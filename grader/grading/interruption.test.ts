import { existsSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { folderWith, ROOT, removeFolders, run } from "../testing/command.ts";
import { readReport } from "../testing/in-process.ts";
import { CAN_LIST_PROCESSES, isRunning, type Started, startRaftGrade, until, workersOf } from "../testing/processes.ts";
import { referenceFiles, rightBut } from "../testing/submissions.ts";

/** The workers of a command, as soon as it has some. */
async function workersIn({ child }: Started): Promise<number[]> {
	if (!CAN_LIST_PROCESSES) return [];
	await until(() => workersOf(child.pid as number).length > 0 || child.exitCode !== null);
	return workersOf(child.pid as number);
}

const expectGone = (pids: readonly number[]) => until(() => !pids.some(isRunning));

describe("an interrupted grading", () => {
	let folder: string;
	before(async () => {
		folder = await folderWith({
			...(await referenceFiles()),
			"raft.ts": rightBut(""),
			"hanging.ts": rightBut("for (;;);"),
		});
	});
	after(removeFolders);

	it("tells what is done so far, in all reports, ends with 130 and leaves no process behind", async () => {
		const command = startRaftGrade(
			["all", "-r", "50", "-s", "7", "--reporter", "table,json=report.json,junit=junit.xml"],
			folder,
		);
		await command.hear(/^InitialElection +50\/50/m);
		const workers = await workersIn(command);
		command.child.kill("SIGINT");
		expect(await command.ended()).to.equal(130);
		await expectGone(workers);
		expect(command.said()).to.match(/^interrupted: \d+ of 1400 runs were made$/m);
		const { status, tests } = readReport(path.join(folder, "report.json"));
		expect(status).to.equal("interrupted");
		expect(tests).to.have.length(28);
		expect(tests[0]).to.include({ status: "passed", planned: 50, passed: 50 });
		expect(tests.at(-1)).to.include({ status: "incomplete", planned: 50, passed: 0 });
		expect(tests.flatMap(({ failures }) => failures)).to.deep.equal([]);
		expect(existsSync(path.join(folder, "junit.xml"))).to.equal(true);
	});

	it("ends at once while the target still loads, whatever that does", async () => {
		const command = startRaftGrade(["2A", "-t", "hanging.ts", "--reporter", "json=loading.json"], folder);
		const workers = await workersIn(command);
		command.child.kill("SIGINT");
		expect(await command.ended()).to.equal(130);
		await expectGone(workers);
		expect(readReport(path.join(folder, "loading.json")).status).to.equal("interrupted");
	});

	it("goes on looking for a failure until it is interrupted", async () => {
		const command = startRaftGrade(["InitialElection", "--until-fail", "-s", "7"], folder);
		await command.hear(/until one fails/);
		const workers = await workersIn(command);
		await new Promise((resolve) => setTimeout(resolve, 300));
		command.child.kill("SIGINT");
		expect(await command.ended()).to.equal(130);
		await expectGone(workers);
		expect(command.said()).to.match(/^\d+ runs in [\d.]+ s, \d+ seeds a second, none failed$/m);
	});

	it("writes the other reports although nobody reads on", async () => {
		const { stdout, stderr } = await run(
			"sh",
			["-c", `node ${ROOT}grader/bin.js all -r 20 -s 7 --reporter table,json=piped.json | head -1`],
			folder,
		);
		expect(stdout).to.equal("target raft.ts, seed 7\n");
		expect(stderr).to.equal("");
		expect(readReport(path.join(folder, "piped.json")).status).to.equal("interrupted");
	});
});
