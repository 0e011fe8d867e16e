import { expect } from "chai";
import type { FilterOptions } from "../cli/replay.ts";
import { UsageError } from "../usage-error.ts";
import { callsOf } from "./calls.ts";
import { chooseEvents } from "./filter.ts";
import type { JournalEvent } from "./journal-schema.ts";
import { type Sample, sampleJournal } from "./testing/journals.ts";

const ALL: FilterOptions = {
	servers: undefined,
	topics: undefined,
	withRepeats: true,
	fromMs: undefined,
	toMs: undefined,
	aroundMs: undefined,
};

async function chosen(sample: Sample, options: Partial<FilterOptions>): Promise<readonly JournalEvent[]> {
	const journal = await sampleJournal(sample);
	const indices = chooseEvents(journal, callsOf(journal.events), { ...ALL, ...options });
	return indices.map((index) => journal.events[index] as JournalEvent);
}

async function refusal(sample: Sample, options: Partial<FilterOptions>): Promise<string> {
	try {
		await chosen(sample, options);
	} catch (error) {
		expect(error).to.be.instanceOf(UsageError);
		return (error as Error).message;
	}
	throw new Error("nothing was refused");
}

describe("the choice of events", () => {
	it("is all of them if nothing is asked for", async () => {
		expect(await chosen("passing", {})).to.deep.equal((await sampleJournal("passing")).events);
	});

	it("is a stretch of time, or what lies around the failure", async () => {
		for (const { atMs } of await chosen("passing", { fromMs: 100, toMs: 400 })) expect(atMs).to.be.within(100, 400);
		const events = await chosen("twoLeaders", { aroundMs: 50 });
		expect(events.at(-1)?.kind).to.equal("failure");
		for (const { atMs } of events) expect(atMs).to.be.at.least(2068);
	});

	it("is what concerns some servers, both ends of messages, and the tester", async () => {
		const events = await chosen("passing", { servers: [1] });
		for (const event of events) {
			if ("server" in event) expect(event.server).to.equal(1);
			if ("rpc" in event) expect([event.from, event.to]).to.include(1);
		}
		expect(events.map(({ kind }) => kind)).to.include.members(["call", "deliver", "tester", "save"]);
	});

	it("is some topics, those of debug lines too", async () => {
		const kinds = async (...topics: string[]) => new Set((await chosen("passing", { topics })).map(({ kind }) => kind));
		expect(await kinds("life", "save")).to.deep.equal(new Set(["boot", "connect", "crash", "disconnect", "save"]));
		// The model solution writes debug lines of this topic.
		expect(await kinds("role")).to.deep.equal(new Set(["state", "log"]));
	});

	it("leaves out heartbeats on request", async () => {
		const [all, without] = [await chosen("passing", {}), await chosen("passing", { withRepeats: false })];
		expect(without.length).to.be.below(all.length * 0.8);
		expect(without.filter(({ kind }) => kind === "apply")).to.deep.equal(all.filter(({ kind }) => kind === "apply"));
	});

	it("refuses what the run does not have", async () => {
		expect(await refusal("passing", { servers: [3] })).to.equal("--servers 3: this run has 3 servers, 0 to 2");
		expect(await refusal("passing", { topics: ["vtoe"] })).to.match(
			/^--topics vtoe: nothing in this run.*tester, life/,
		);
		expect(await refusal("passing", { aroundMs: 5 })).to.include("this run passed");
		expect(await refusal("passing", { fromMs: 99_000 })).to.include("the run took only");
	});
});
