import { expect } from "chai";
import fc from "fast-check";
import Papa from "papaparse";
import { csvText } from "./csv-text.ts";
import { CONTROL_CHARACTER } from "./testing/hostile-texts.ts";

describe("a table as CSV", () => {
	it("quotes what needs it, and has an end after each line", () => {
		expect(
			csvText([
				["a", 1.5, undefined],
				['b,"c"', "", " d"],
			]),
		).to.equal('a,1.5,\r\n"b,""c""",,d\r\n');
	});

	it("gives no spreadsheet a formula, whatever the cells say", () => {
		const cell = fc.oneof(
			fc.string({ unit: "binary" }),
			fc.constantFrom("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1"),
		);
		fc.assert(
			fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
				const { data, errors } = Papa.parse<string[]>(csvText(rows).slice(0, -2), { delimiter: "," });
				expect(errors).to.deep.equal([]);
				expect(data).to.have.length(rows.length);
				for (const text of data.flat())
					expect(text)
						.to.not.match(/^\s*[=+\-@]/)
						.and.not.match(CONTROL_CHARACTER);
			}),
		);
	});
});
