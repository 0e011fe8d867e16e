import { expect } from "chai";
import { chromeTrace } from "./chrome-trace.ts";
import { SAMPLES, type Sample, sampleJournal } from "./testing/journals.ts";

interface TraceEvent {
	readonly ph: string;
	readonly name: string;
	readonly tid: number;
	readonly ts: number;
	readonly dur: number;
	readonly id: string;
	readonly args: Readonly<Record<string, unknown>>;
}

async function traceOf(sample: Sample): Promise<readonly TraceEvent[]> {
	return JSON.parse(chromeTrace(await sampleJournal(sample))).traceEvents;
}

describe("a run in Chrome's trace format", () => {
	for (const sample of Object.keys(SAMPLES) as Sample[]) {
		it(`has slices that do not overlap, and arrows with two ends (${sample})`, async () => {
			const events = await traceOf(sample);
			const slices = events.filter(({ ph }) => ph === "X");
			for (const tid of new Set(slices.map((slice) => slice.tid))) {
				const row = slices.filter((slice) => slice.tid === tid).sort((a, b) => a.ts - b.ts || b.dur - a.dur);
				for (const [i, { ts, dur }] of row.entries()) {
					const next = row[i + 1];
					// Those of one instant lie in each other.
					if (next !== undefined && next.ts !== ts) expect(next.ts).to.be.at.least(ts + dur);
				}
			}
			const ids = (ph: string) => events.filter((event) => event.ph === ph).map(({ id }) => id);
			expect(ids("s").toSorted()).to.deep.equal(ids("f").toSorted());
			expect(new Set(ids("s")).size).to.equal(ids("s").length);
		});
	}

	it("names the servers' threads, and shows roles and the failure", async () => {
		const events = await traceOf("twoLeaders");
		const names = events.filter(({ name }) => name === "thread_name").map(({ args }) => args.name);
		expect(names).to.include.members(["tester", "S0", "S6", "S6 messages", "S6 trouble"]);
		expect(events.filter(({ name }) => name === "leader, term 3").length).to.be.at.least(2);
		expect(events.find(({ name }) => name.startsWith("FAILS (election-safety)"))?.ts).to.be.closeTo(2_118_000, 1_000);
	});
});
