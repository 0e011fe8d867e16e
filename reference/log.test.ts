import { expect } from "chai";
import { Log } from "./log.ts";
import { entriesOf, termsOf } from "./testing.ts";

const commandsOf = (log: Log) => log.entriesFrom(log.lastIncludedIndex + 1).map((entry) => entry.command);

describe("Log", () => {
	it("is empty at first, with element zero before it", () => {
		const log = new Log();
		expect([log.lastIndex, log.lastTerm, log.termAt(0), log.termAt(1)]).to.deep.equal([0, 0, 0, undefined]);
	});

	describe("merge", () => {
		it("appends what is new", () => {
			const log = new Log(0, 0, entriesOf([1, 1]));
			expect(log.merge(2, entriesOf([2, 2], 3))).to.equal(true);
			expect(commandsOf(log)).to.deep.equal(["1@1", "1@2", "2@3", "2@4"]);
		});

		it("cuts what conflicts, and all that follows it", () => {
			const log = new Log(0, 0, entriesOf([1, 2, 2, 2]));
			expect(log.merge(1, entriesOf([3], 2))).to.equal(true);
			expect(commandsOf(log)).to.deep.equal(["1@1", "3@2"]);
		});

		it("leaves the log alone when an older request, overtaken by a later one, has nothing new", () => {
			const log = new Log(0, 0, entriesOf([1, 1, 1]));
			expect(log.merge(0, entriesOf([1, 1]))).to.equal(false);
			expect(log.lastIndex).to.equal(3);
		});

		it("skips entries that a snapshot has replaced", () => {
			const log = new Log(5, 2, entriesOf([2], 6));
			expect(log.merge(3, entriesOf([2, 2, 2, 3], 4))).to.equal(true);
			expect(commandsOf(log)).to.deep.equal(["2@6", "3@7"]);
		});
	});

	it("finds where a term begins and ends, as far as the snapshot lets it see", () => {
		const log = new Log(3, 4, entriesOf([4, 4, 5, 7], 4));
		expect(log.firstIndexOfTermAt(6)).to.equal(6);
		expect(log.firstIndexOfTermAt(5)).to.equal(4);
		expect(log.lastIndexOfTerm(4, 8)).to.equal(5);
		expect(log.lastIndexOfTerm(4, 5)).to.equal(4);
		expect(log.lastIndexOfTerm(4, 4)).to.equal(3);
		expect(log.lastIndexOfTerm(6, 8)).to.equal(undefined);
		expect(log.lastIndexOfTerm(1, 8)).to.equal(undefined);
	});

	it("keeps index and term of the entry that a snapshot ends with", () => {
		const log = new Log(0, 0, entriesOf([1, 2, 3]));
		log.compactTo(2);
		expect([log.lastIncludedIndex, log.lastIncludedTerm, log.termAt(2), log.termAt(1)]).to.deep.equal([
			2,
			2,
			2,
			undefined,
		]);
		expect(termsOf(log)).to.deep.equal([3]);
		log.compactTo(3);
		expect([log.lastIndex, log.lastTerm]).to.deep.equal([3, 3]);
		expect(() => log.entriesFrom(3)).to.throw(RangeError);
		expect(() => log.entryAt(4)).to.throw(RangeError);
	});

	it("knows from where on it has changed since it was saved", () => {
		const log = new Log(0, 0, entriesOf([1, 1, 1]));
		expect(log.unsavedFrom).to.equal(4);
		log.append({ term: 1, command: "a" });
		expect(log.unsavedFrom).to.equal(4);
		log.merge(1, entriesOf([2], 2));
		log.append({ term: 2, command: "b" });
		expect(log.unsavedFrom).to.equal(2);
		log.markSaved();
		expect(log.unsavedFrom).to.equal(4);
		log.restartAfter(2, 5);
		expect(log.unsavedFrom).to.equal(3);
	});
});
