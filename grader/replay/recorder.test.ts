import { expect } from "chai";
import type { JournalEvent } from "./journal-schema.ts";
import { Recorder } from "./recorder.ts";

function lines(count: number, length = 1): JournalEvent[] {
	const text = "x".repeat(length);
	return Array.from({ length: count }, (_, i) => ({ atMs: i, kind: "log", server: 0, topic: "log", text }));
}

describe("the recorder", () => {
	it("keeps events in order", () => {
		const recorder = new Recorder();
		const [a, b] = [lines(3), lines(2)];
		recorder.take(0, a);
		recorder.take(3, b);
		expect(recorder.events()).to.deep.equal([...a, ...b]);
		expect(recorder.thinned).to.equal(0);
	});

	it("knows where an event stands, whatever has been thinned out", () => {
		const recorder = new Recorder();
		const state = (term: number): JournalEvent => ({ atMs: 0, kind: "state", server: 0, term, isLeader: true });
		recorder.take(0, [...lines(1), state(1), ...lines(1), state(2)]);
		expect([0, 1, 3, 4].map((number) => recorder.placeOf(number))).to.deep.equal([0, 1, 3, undefined]);
		for (let i = 0; i < 10; i++) recorder.take(4 + 100_000 * i, lines(100_000));
		recorder.take(1_000_004, [state(3)]);
		expect([0, 1, 2, 3, 5].map((number) => recorder.placeOf(number))).to.deep.equal([
			undefined,
			0,
			undefined,
			1,
			undefined,
		]);
		const events = recorder.events();
		expect(recorder.placeOf(1_000_004)).to.equal(events.length - 1);
		expect(events[recorder.placeOf(1_000_003) ?? -1]?.atMs).to.equal(99_999);
		expect(recorder.placeOf(1_000_005)).to.equal(undefined);
	});

	it("begins anew when the run does", () => {
		const recorder = new Recorder();
		recorder.take(0, lines(3));
		recorder.take(0, lines(2));
		expect(recorder.events()).to.have.length(2);
	});

	it("of too many events keeps the last, and what tells how things stood before", () => {
		const recorder = new Recorder();
		const state: JournalEvent = { atMs: 0, kind: "state", server: 0, term: 1, isLeader: true };
		recorder.take(0, [state]);
		for (let i = 0; i < 10; i++) recorder.take(1 + 100_000 * i, lines(100_000));
		const events = recorder.events();
		expect(events[0]).to.equal(state);
		expect(events.at(-1)?.atMs).to.equal(99_999);
		expect(events.length).to.be.within(200_000, 400_001);
		expect(recorder.thinned).to.equal(1_000_001 - events.length);
	});

	it("of too much text keeps the last", () => {
		const recorder = new Recorder();
		for (let i = 0; i < 60; i++) recorder.take(1 + i * 1000, lines(1000, 4000));
		expect(recorder.events().length).to.be.within(10_000, 26_000);
		expect(recorder.thinned).to.equal(60_000 - recorder.events().length);
	});
});
