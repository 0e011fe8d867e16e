import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { TableReporter } from "./table.ts";
import { failingReport, passingReport } from "./testing/sample-reports.ts";

const endOf = (report: ReturnType<typeof failingReport>) =>
	stripVTControlCharacters(new TableReporter().end(report)).split("\n");

describe("the table", () => {
	it("says which tests are hidden from students, to those who see it", () => {
		const report = failingReport();
		const hidden = report.tests.filter(({ visibility }) => visibility === "hidden").map(({ test }) => test);
		expect(hidden).not.to.be.empty;
		expect(endOf(report)).to.include(`hidden from students: ${hidden.join(", ")}`);
		expect(endOf(passingReport()).join("\n")).not.to.include("hidden");
	});

	it("begins with the seed, unless no run has to do with it", () => {
		const head = (seed: string | undefined) =>
			new TableReporter()
				.begin({ target: "raft.ts", seed, schedules: "schedule calm", tests: 1, runs: 1 })
				.split("\n")[0];
		expect(head("7")).to.equal("target raft.ts, seed 7, schedule calm");
		expect(head(undefined)).to.equal("target raft.ts, schedule calm");
	});

	it("fits a terminal, whatever is hidden", () => {
		const report = failingReport();
		const many = Array.from({ length: 12 }, (_, i) => ({
			...(report.tests[0] as (typeof report.tests)[number]),
			test: `SnapshotInstallUnreliable${i}`,
			visibility: "hidden" as const,
		}));
		for (const line of endOf({ ...report, tests: many })) expect(line.length, line).to.be.at.most(80);
	});
});
