import { expect } from "chai";
import { failureScreens } from "./failure-screen.ts";
import type { TestReport } from "./schema.ts";
import { failingReport } from "./testing/sample-reports.ts";

const failed = failingReport().tests.find(({ failures }) => failures.length > 0) as TestReport;
const [failure] = failed.failures;

/** The same failure of a test of another name, with other causes. */
function as(test: string, causes: readonly string[]): TestReport {
	if (failure === undefined) throw new Error("the sample has no failure");
	return { ...failed, test, failures: [{ ...failure, causes: [...causes] }] };
}

describe("the screens of failures", () => {
	it("fit a terminal", () => {
		const screens = failureScreens([as("Backup", ["word ".repeat(60).trim()])]);
		for (const line of screens.join("\n").split("\n")) expect(line.length, line).to.be.at.most(80);
	});

	it("tell the same causes but once", () => {
		const [first, again, other, third] = failureScreens([
			as("FailAgree", ["A vote is forgotten.", "A term is."]),
			as("Backup", ["A vote is forgotten.", "A term is."]),
			as("Count", ["A term is."]),
			as("Rejoin", ["A term is."]),
		]);
		expect(first).to.include("- A vote is forgotten.\n").and.include("- A term is.");
		expect(again).to.include("usual causes  as for FailAgree above").and.not.include("A vote");
		expect(other).to.include("usual causes  - A term is.");
		expect(third).to.include("usual causes  as for Count above");
	});
});
