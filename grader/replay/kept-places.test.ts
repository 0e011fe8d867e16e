import { expect } from "chai";
import type { SimulationEvent } from "../../harness/index.ts";
import { toJournalEvent } from "./journal-event.ts";
import { inKeptPlaces } from "./kept-places.ts";

const spoke: SimulationEvent = { atMs: 1, kind: "spoke", server: 0, term: 1 };
const tester = (atMs: number): SimulationEvent => ({ atMs, kind: "tester", text: "" });

describe("a story in the places of a journal", () => {
	it("tells of the same events", () => {
		const events = [spoke, tester(1), spoke, spoke, tester(2), tester(3), spoke];
		const kept = events.flatMap((event) => toJournalEvent(event) ?? []);
		const steps = [1, 4, 5].map((event, i) => ({ atMs: i + 1, text: "", event }));
		const story = inKeptPlaces({ steps: [...steps, { atMs: 9, text: "" }], culprit: undefined }, events);
		expect(story.steps.map(({ event }) => (event === undefined ? undefined : kept[event]?.atMs))).to.deep.equal([
			1,
			2,
			3,
			undefined,
		]);
		const culprit = { server: 0, event: 4, wrong: "voted-twice" as const };
		expect(inKeptPlaces({ steps: [], culprit }, events).culprit).to.deep.equal({ ...culprit, event: 1 });
	});

	it("puts what a journal leaves out where the event before it stands", () => {
		const events = [spoke, tester(1), spoke, tester(2)];
		const at = (event: number) => inKeptPlaces({ steps: [{ atMs: 1, text: "", event }] }, events).steps[0]?.event;
		expect([0, 1, 2, 3].map(at)).to.deep.equal([0, 0, 0, 1]);
	});
});
