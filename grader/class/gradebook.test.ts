import { expect } from "chai";
import fc from "fast-check";
import Papa from "papaparse";
import { type GradebookOptions, gradebook, usualFormat } from "./gradebook.ts";
import { outcomeWith, reportWith, testWith } from "./testing/reports.ts";

const OPTIONS: GradebookOptions = { format: "plain", assignment: "Raft", possible: 10, absent: [] };
const GOOD = reportWith({
	status: "passed",
	tests: [testWith({ status: "passed", points: { earned: 7.25, possible: 10 } })],
});
const BAD = reportWith({ status: "unusable", message: "it holds no module", tests: [] });

const read = (csv: string) => Papa.parse<string[]>(csv.trimEnd(), { delimiter: "," }).data;

describe("the gradebook", () => {
	it("is what Canvas imports: a line with the points, and no other columns", () => {
		const outcomes = [
			outcomeWith([{ name: "Roe, Rick", id: "2", sid: "S2", login: "rroe", section: "B" }], BAD),
			outcomeWith([{ name: "Doe, Jane", id: "1", sid: "S1", login: "jdoe", section: "A" }], GOOD, true),
			outcomeWith([{ name: "Poe, Ed", id: "3" }], undefined),
		];
		const absent = [{ name: "Noe, N", id: "4" }];
		expect(
			read(gradebook(outcomes, { ...OPTIONS, format: "canvas", assignment: "Lab 2 (123)", absent })),
		).to.deep.equal([
			["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 2 (123)"],
			["Points Possible", "", "", "", "", "10"],
			["Doe, Jane", "1", "S1", "jdoe", "A", "7.25"],
			["Noe, N", "4", "", "", "", ""],
			["Poe, Ed", "3", "", "", "", ""],
			["Roe, Rick", "2", "S2", "rroe", "B", "0"],
		]);
	});

	it("is what Gradescope exports: a line for each of a group", () => {
		const group = outcomeWith(
			[
				{ name: "Jane van Doe", sid: "1", email: "j@x" },
				{ name: "Ann", sid: "2" },
			],
			GOOD,
		);
		const [, ...rows] = read(gradebook([group], { ...OPTIONS, format: "gradescope" }));
		expect(rows.map((row) => row.slice(0, 8))).to.deep.equal([
			["Ann", "", "2", "", "", "7.25", "10", "Graded"],
			["Jane van", "Doe", "1", "j@x", "", "7.25", "10", "Graded"],
		]);
	});

	it("says in words else what became of each", () => {
		const [, ...rows] = read(
			gradebook([outcomeWith([{ name: "a" }], BAD), outcomeWith([{ name: "b" }], GOOD, true)], OPTIONS),
		);
		expect(rows).to.deep.equal([
			["a", "", "", "", "0", "10", "unusable", "", "a", "it holds no module"],
			["b", "", "", "", "7.25", "10", "passed", "late", "b", ""],
		]);
	});

	it("suits where submissions come from", () => {
		expect((["canvas", "gradescope", "moodle", "other"] as const).map(usualFormat)).to.deep.equal([
			"canvas",
			"gradescope",
			"plain",
			"plain",
		]);
	});

	it("holds no formula, and one line for each, whatever students are called and in whatever order they come", () => {
		const name = fc.oneof(
			fc.string({ unit: "binary" }),
			fc.constantFrom(
				"=1+1",
				"+1",
				"-1",
				"@SUM(A1)",
				"\t=1",
				"\r=1",
				"\n=1",
				'"=1"',
				" =1",
				"a,b",
				'a"b',
				"a;b",
				"\u200e=1",
			),
		);
		fc.assert(
			fc.property(
				fc.array(name, { maxLength: 8 }),
				fc.constantFrom("plain", "canvas", "gradescope"),
				(names, format) => {
					const outcomes = names.map((one, i) =>
						outcomeWith([{ name: one, id: String(i), sid: one, section: one }], GOOD),
					);
					const csv = gradebook(outcomes, { ...OPTIONS, format, assignment: "=Raft" });
					const rows = read(csv);
					expect(rows).to.have.length(names.length + (format === "canvas" ? 2 : 1));
					for (const cell of rows.flat()) expect(cell).to.not.match(/^\s*[=+\-@\t\r]/);
					expect(gradebook(outcomes.toReversed(), { ...OPTIONS, format, assignment: "=Raft" })).to.equal(csv);
				},
			),
		);
	});
});
