import { expect } from "chai";
import { UsageError } from "../usage-error.ts";
import { parseReporters } from "./reporter-option.ts";
import { makeReporter, reporterNames } from "./reporters.ts";
import { passingReport } from "./testing/sample-reports.ts";

describe("--reporter", () => {
	it("names a report, and perhaps a file", () => {
		expect(parseReporters(["spec"])).to.deep.equal([{ name: "spec", path: undefined }]);
		expect(parseReporters(["spec", "json=out/a=b.json"])).to.deep.equal([
			{ name: "spec", path: undefined },
			{ name: "json", path: "out/a=b.json" },
		]);
	});

	it("can be repeated, or hold several with commas", () => {
		const expected = [
			{ name: "tap", path: undefined },
			{ name: "json", path: "a.json" },
			{ name: "junit", path: "b.xml" },
		];
		expect(parseReporters(["tap, json=a.json", "junit=b.xml"])).to.deep.equal(expected);
		expect(parseReporters(["tap", "json=a.json,junit=b.xml"])).to.deep.equal(expected);
	});

	it("leaves the table on the terminal if all reports go to files, or none was asked for", () => {
		expect(parseReporters(["json=a.json"])).to.deep.equal([
			{ name: "table", path: undefined },
			{ name: "json", path: "a.json" },
		]);
		expect(parseReporters([])).to.deep.equal([{ name: "table", path: undefined }]);
	});

	for (const [values, message] of [
		[["junti"], '--reporter: there is no reporter "junti": did you mean junit?'],
		[["Github"], '--reporter: there is no reporter "Github": did you mean github?'],
		[["dot"], /^--reporter: there is no reporter "dot": the names are table, spec, json, /],
		[["constructor"], /there is no reporter "constructor"/],
		[
			["json=a.json,"],
			/^--reporter: a name is missing: give --reporter name or --reporter name=file; the names are table, /,
		],
		[["json="], "--reporter json=: the file's name is missing: give --reporter name or --reporter name=file"],
		[["spec", "tap"], /^--reporter: spec and tap would both write to standard output: .* such as tap=report\.txt$/],
		[["json=a/b", "junit=./a//b"], "--reporter: two reports would go to ./a//b: give each its own file"],
	] as const) {
		it(`refuses ${values.join(" ")}`, () => {
			expect(() => parseReporters(values)).to.throw(UsageError, message);
		});
	}
});

describe("the reporters", () => {
	for (const name of reporterNames) {
		it(`${name} can be made, and ends its lines`, async () => {
			const reporter = await makeReporter(name, { env: {}, cwd: process.cwd() });
			expect(reporter.end(passingReport())).to.match(/\n$/);
		});
	}
});
