import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import fc from "fast-check";
import { jsonReporter } from "./json.ts";
import { anyText, CONTROL_CHARACTER, hostileTexts } from "./testing/hostile-texts.ts";
import { everywhere, failingReport, sampleReports, unusableReport } from "./testing/sample-reports.ts";
import { writeReport } from "./testing/write-report.ts";

const schema = JSON.parse(readFileSync(new URL("../../docs/schemas/report-1.schema.json", import.meta.url), "utf8"));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

describe("the JSON report", () => {
	for (const [kind, make] of Object.entries(sampleReports)) {
		it(`holds a report that is ${kind}, and fits the published schema`, () => {
			const read: unknown = JSON.parse(writeReport(jsonReporter(), make()));
			expect(read).to.deep.equal(make());
			expect(validate(read), JSON.stringify(validate.errors)).to.equal(true);
		});
	}

	it("is indented, and ends with a newline", () => {
		expect(writeReport(jsonReporter(), failingReport())).to.match(/^\{\n\t"format": 1,\n[\s\S]*\n\}\n$/);
	});

	it("does not fit the schema with a verdict that there isn't", () => {
		expect(validate({ ...failingReport(), status: "excellent" })).to.equal(false);
	});

	it("holds whatever a submission said, with nothing in it that a terminal or a log would act on", () => {
		fc.assert(
			fc.property(fc.oneof(anyText, fc.constantFrom(...hostileTexts)), (text) => {
				for (const report of [failingReport(everywhere(text)), unusableReport(text)]) {
					const written = writeReport(jsonReporter(), report);
					expect(JSON.parse(written)).to.deep.equal(report);
					expect(written).to.not.match(CONTROL_CHARACTER);
					expect(written).to.not.match(/::|##/);
				}
			}),
		);
	});
});
