import { expect } from "chai";
import fc from "fast-check";
import { type ScheduledEvent, Scheduler } from "./scheduler.ts";

/** What the scheduler promises, in the plainest way: a list, sorted anew at each step. */
class SortedList {
	nowMs = 0;
	#made = 0;
	#events: ScheduledEvent[] = [];

	at(atMs: number, tie: number, run: () => void): ScheduledEvent {
		const event = { atMs: Math.max(atMs, this.nowMs), tie, sequence: this.#made++, run };
		this.#events.push(event);
		return event;
	}

	cancel(event: ScheduledEvent): void {
		this.#events = this.#events.filter((other) => other !== event);
	}

	step(): boolean {
		const [next] = this.#events.sort((a, b) => a.atMs - b.atMs || a.tie - b.tie || a.sequence - b.sequence);
		if (next === undefined) return false;
		this.cancel(next);
		this.nowMs = next.atMs;
		next.run?.();
		return true;
	}

	get nextAtMs(): number {
		return Math.min(...this.#events.map(({ atMs }) => atMs));
	}
}

type Queue = Pick<Scheduler, "at" | "cancel" | "step" | "nowMs" | "nextAtMs">;

/** An event that makes others, and takes one back, when it happens. */
interface Plan {
	readonly atMs: number;
	readonly tie: number;
	readonly cancels: number;
	readonly makes: readonly Plan[];
}

type Action = { readonly make: Plan } | { readonly cancel: number } | { readonly steps: number };

/** Plans whose events make others, up to `generations` deep. */
function plan(generations: number): fc.Arbitrary<Plan> {
	return fc.record({
		// Few different moments and ties, so that many coincide; some of them lie in the past.
		atMs: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.double({ min: 0, max: 6, noNaN: true })),
		tie: fc.integer({ min: 0, max: 3 }),
		cancels: fc.integer({ min: 0, max: 60 }),
		makes: generations === 0 ? fc.constant([]) : fc.array(plan(generations - 1), { maxLength: 3 }),
	});
}

const action: fc.Arbitrary<Action> = fc.oneof(
	{ weight: 6, arbitrary: plan(2).map((make) => ({ make })) },
	{ weight: 2, arbitrary: fc.nat(60).map((cancel) => ({ cancel })) },
	{ weight: 3, arbitrary: fc.nat(4).map((steps) => ({ steps })) },
);

/** Carries out the actions, then empties the queue. Tells what happened, in order. */
function traceOf(queue: Queue, actions: readonly Action[]): string[] {
	const trace: string[] = [];
	const events: ScheduledEvent[] = [];
	const make = ({ atMs, tie, cancels, makes }: Plan): void => {
		const name = events.length;
		const event = queue.at(atMs, tie, () => {
			trace.push(`${name} at ${queue.nowMs}`);
			for (const next of makes) make(next);
			cancel(cancels);
		});
		trace.push(`${name} made for ${event.atMs}`);
		events.push(event);
	};
	const cancel = (name: number): void => {
		const event = events[name];
		if (event !== undefined) queue.cancel(event);
	};
	const step = (): boolean => {
		trace.push(`next ${queue.nextAtMs}`);
		return queue.step();
	};
	for (const action of actions) {
		if ("make" in action) make(action.make);
		else if ("cancel" in action) cancel(action.cancel);
		else for (let i = 0; i < action.steps; i++) step();
	}
	while (step());
	return trace;
}

describe("the scheduler", () => {
	it("does what a sorted list would do, by time, tie and order of making", () => {
		fc.assert(
			fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
				expect(traceOf(new Scheduler(), actions)).to.deep.equal(traceOf(new SortedList(), actions));
			}),
			{ seed: 1, numRuns: 400 },
		);
	});

	it("keeps thousands of events in order", () => {
		const moments = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 3000, maxLength: 3000 });
		fc.assert(
			fc.property(moments, (atMs) => {
				const scheduler = new Scheduler();
				const done: number[] = [];
				for (const at of atMs) scheduler.at(at, 0, () => done.push(scheduler.nowMs));
				while (scheduler.step());
				expect(done).to.deep.equal(atMs.sort((a, b) => a - b));
			}),
			{ seed: 1, numRuns: 5 },
		);
	});

	it("never goes back in time", () => {
		fc.assert(
			fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
				const scheduler = new Scheduler();
				let latestMs = 0;
				const watched: Queue = {
					at: (atMs, tie, run) => scheduler.at(atMs, tie, run),
					cancel: (event) => scheduler.cancel(event),
					step: () => {
						const isMore = scheduler.step();
						expect(scheduler.nowMs).to.be.at.least(latestMs);
						latestMs = scheduler.nowMs;
						return isMore;
					},
					get nowMs() {
						return scheduler.nowMs;
					},
					get nextAtMs() {
						return scheduler.nextAtMs;
					},
				};
				traceOf(watched, actions);
			}),
			{ seed: 2, numRuns: 200 },
		);
	});

	it("takes the past for now", () => {
		const scheduler = new Scheduler();
		const done: string[] = [];
		scheduler.at(10, 0, () => {
			const late = scheduler.at(3, 0, () => done.push(`late at ${scheduler.nowMs}`));
			expect(late.atMs).to.equal(10);
		});
		scheduler.at(10, 0, () => done.push("on time"));
		while (scheduler.step());
		expect(done).to.deep.equal(["on time", "late at 10"]);
	});

	it("stands at the time of the last event, and does nothing, when none is left", () => {
		const scheduler = new Scheduler();
		expect(scheduler.nowMs).to.equal(0);
		expect(scheduler.step()).to.equal(false);
		scheduler.at(7, 0, () => {});
		expect(scheduler.step()).to.equal(true);
		expect(scheduler.step()).to.equal(false);
		expect(scheduler.nowMs).to.equal(7);
		expect(scheduler.nextAtMs).to.equal(Number.POSITIVE_INFINITY);
	});

	describe("cancelling", () => {
		it("keeps an event from happening, and from being next", () => {
			const scheduler = new Scheduler();
			const done: number[] = [];
			const first = scheduler.at(1, 0, () => done.push(1));
			scheduler.at(2, 0, () => done.push(2));
			scheduler.cancel(first);
			expect(scheduler.nextAtMs).to.equal(2);
			expect(scheduler.step()).to.equal(true);
			expect(done).to.deep.equal([2]);
			expect(scheduler.step()).to.equal(false);
		});

		it("does not let time pass for what will not happen", () => {
			const scheduler = new Scheduler();
			scheduler.cancel(scheduler.at(50, 0, () => {}));
			expect(scheduler.step()).to.equal(false);
			expect(scheduler.nowMs).to.equal(0);
		});

		it("is harmless a second time, and afterwards", () => {
			const scheduler = new Scheduler();
			const done: string[] = [];
			const event = scheduler.at(1, 0, () => done.push("it"));
			scheduler.step();
			scheduler.cancel(event);
			scheduler.cancel(event);
			scheduler.at(1, 0, () => done.push("the next"));
			scheduler.step();
			expect(done).to.deep.equal(["it", "the next"]);
		});

		it("lets go of what the event held on to", () => {
			const scheduler = new Scheduler();
			const [cancelled, done] = [scheduler.at(1, 0, () => {}), scheduler.at(2, 0, () => {})];
			scheduler.cancel(cancelled);
			while (scheduler.step());
			expect([cancelled.run, done.run]).to.deep.equal([null, null]);
		});
	});
});
