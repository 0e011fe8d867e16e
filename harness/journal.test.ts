import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { EventStream, type SimulationEvent } from "./events.ts";
import { Journal } from "./journal.ts";
import { FIXED_SUBMISSION, fixedHashes, fixedTest } from "./testing/journal-hashes.ts";
import { observe } from "./testing/observe.ts";

/**
 * What seed 1 means to a submission that never changes, on every version of Node. If these hashes change, then seeds that
 * people have written down lead elsewhere: say so in the change log.
 */
const GOLDEN = {
	calm: "43770fb3cecd2336120d7281886df18fb81a17fdf4bece98882605e65212e9e5",
	race: "30658f2f6d08b65b0902f0fc40362e3778084e5ff45a572b7541a1dc140c1b53",
};

const SCRIPT = fileURLToPath(new URL("testing/journal-hashes.ts", import.meta.url));

describe("the journal", () => {
	function journalOf(...events: readonly SimulationEvent[]): Journal {
		const stream = new EventStream();
		const journal = new Journal();
		journal.listenTo(stream);
		for (const event of events) stream.emit(event);
		return journal;
	}

	const tester = (text: string): SimulationEvent => ({ atMs: 3, kind: "tester", text });
	const snapshot = (...bytes: readonly number[]): SimulationEvent => {
		return { atMs: 4, kind: "snapshot", server: 1, index: 9, snapshot: new Uint8Array(bytes) };
	};

	it("keeps every event, in order, as a line of JSON each", () => {
		const journal = journalOf(tester("hello\nthere"), snapshot(65, 0, 255), tester("bye"));
		expect([...journal.lines()]).to.deep.equal([
			'{"atMs":3,"kind":"tester","text":"hello\\nthere"}',
			'{"atMs":4,"kind":"snapshot","server":1,"index":9,"snapshot":"A\\u0000ÿ"}',
			'{"atMs":3,"kind":"tester","text":"bye"}',
		]);
	});

	it("begins each line with the time, in whatever order an event was put together", () => {
		const journal = journalOf({ text: "hello", kind: "tester", atMs: 3 });
		expect([...journal.lines()]).to.deep.equal(['{"atMs":3,"text":"hello","kind":"tester"}']);
	});

	it("has a hash that tells journals apart: by an event, a byte, the order", () => {
		const [a, b] = [tester("a"), tester("b")];
		const journals = [[], [a], [b], [a, a], [a, b], [b, a], [snapshot(1, 2)], [snapshot(1, 3)], [snapshot(2, 1)]];
		const hashes = journals.map((events) => journalOf(...events).hash());
		expect(new Set(hashes).size).to.equal(journals.length);
		expect(journalOf(a, b).hash()).to.equal(hashes[4]);
		expect(hashes[0]).to.match(/^[0-9a-f]{64}$/);
	});
});

describe("a seed", () => {
	it("gives one journal, again and again, and has meant the same ever since", async () => {
		expect(await fixedHashes()).to.deep.equal(GOLDEN);
		expect(await fixedHashes()).to.deep.equal(GOLDEN);
	});

	it("gives the same journal in another process", async () => {
		const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", SCRIPT]);
		expect(JSON.parse(stdout)).to.deep.equal(GOLDEN);
	});

	it("gives another journal than other seeds, in both schedules", async () => {
		const hashes = await Promise.all(["1", "2", "3"].map((seed) => fixedHashes(seed)));
		expect(new Set(hashes.flatMap(({ calm, race }) => [calm, race])).size).to.equal(6);
	});

	for (const schedule of ["calm", "race"] as const) {
		it(`leads to the same course when the run is to be explained: it only adds log lines (${schedule})`, async () => {
			const run = async (explain: boolean) => {
				const options = { servers: 3, snapshots: true, schedule, explain };
				const { events, failure } = await observe(FIXED_SUBMISSION, options, fixedTest);
				if (failure !== undefined) throw failure;
				return events;
			};
			const [plain, explained] = [await run(false), await run(true)];
			const isLog = ({ kind }: SimulationEvent) => kind === "log";
			expect(plain.filter(isLog)).to.deep.equal([]);
			expect(explained.filter(isLog).length).to.be.above(20);
			expect(explained.filter((event) => !isLog(event))).to.deep.equal(plain);
		});
	}

	it("decides everything in the golden runs that a seed can decide", async () => {
		const { events } = await observe(FIXED_SUBMISSION, { servers: 3, snapshots: true, schedule: "race" }, fixedTest);
		const kinds = new Set(events.map((event) => (event.kind === "no-reply" ? event.why : event.kind)));
		const decided = ["pause", "unreachable", "request lost", "reply lost", "server crashed", "cut off", "restore"];
		expect([...kinds]).to.include.members(decided);
	});
});
