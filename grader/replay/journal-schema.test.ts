import { expect } from "chai";
import { journal } from "./journal-schema.ts";
import { SAMPLES, type Sample, sampleJournal } from "./testing/journals.ts";

describe("the journal's schema", () => {
	for (const sample of Object.keys(SAMPLES) as Sample[]) {
		it(`is what journals keep to (${sample})`, async () => {
			const value = JSON.parse(JSON.stringify(await sampleJournal(sample)));
			expect(journal.strict().parse(value)).to.deep.equal(value);
		});
	}
});
