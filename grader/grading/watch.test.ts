import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { folderWith, removeFolders } from "../testing/command.ts";
import { readReport } from "../testing/in-process.ts";
import { CAN_LIST_PROCESSES, isRunning, startRaftGrade, until, workersOf } from "../testing/processes.ts";
import { referenceFiles, rightBut } from "../testing/submissions.ts";

const WAITING = /waiting for a change \(Ctrl-C ends\)\n/;

describe("a grading that watches", () => {
	after(removeFolders);

	it("grades again at each change, what failed first; takes a broken file as it comes; ends with Ctrl-C", async () => {
		const folder = await folderWith({ ...(await referenceFiles()), "raft.ts": rightBut("") });
		const write = (text: string) => writeFile(path.join(folder, "raft.ts"), text);
		const command = startRaftGrade(
			["2A", "--watch", "-s", "7", "--reporter", "table", "--reporter", "json=report.json"],
			folder,
		);
		const report = () => readReport(path.join(folder, "report.json"));
		await command.hear(/3 of 3 passed/);
		await command.hear(WAITING);

		await write(rightBut("if (peers.length === 7) setTimeout(() => { throw new Error('no luck'); }, 20);"));
		await command.hear(/^InitialElection +pass[\s\S]*^ManyElections +FAIL[\s\S]*no luck/m);
		await command.hear(WAITING);
		expect(report().status).to.equal("failed");

		await write("export const make = (peers => {");
		await command.hear(/raft\.ts:1:\d+: /);
		await command.hear(WAITING);
		expect(report().status).to.equal("unusable");

		await write(rightBut(""));
		await command.hear(/^ManyElections +pass[\s\S]*^InitialElection +pass[\s\S]*3 of 3 passed/m);
		await command.hear(WAITING);
		expect(report().status).to.equal("passed");

		// Its own reports, which lie in the folder it watches, have not set it off: four gradings, one for each change and one before.
		const said = command.said();
		await new Promise((resolve) => setTimeout(resolve, 400));
		expect(command.said()).to.equal(said);
		expect(said.match(/waiting for a change/g)).to.have.length(4);

		// In the middle of a grading, too.
		await write(rightBut("if (peers.length === 7) setTimeout(() => { for (;;); }, 20);"));
		await command.hear(/^InitialElection +pass/m);
		const children = CAN_LIST_PROCESSES ? workersOf(command.child.pid as number) : [];
		command.child.kill("SIGINT");
		expect(await command.ended()).to.equal(130);
		await until(() => !children.some(isRunning));
	});
});
