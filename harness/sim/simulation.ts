import { EventStream, type Happening, type SimulationEvent } from "../events.ts";
import { LabFailure } from "../failure.ts";
import { endCallback, routeRejections } from "../machine/rejections.ts";
import { Choices, Decision } from "./choices.ts";
import type { Pace } from "./pace.ts";
import { type ScheduledEvent, Scheduler } from "./scheduler.ts";
import type { Schedule, Seed } from "./seed.ts";
import type { Selection } from "./selection.ts";

/** What the labs allow a run. All of it is virtual: the same on every machine. */
export const LIMITS = {
	/** Virtual time of one test. */
	testMs: 120_000,
	/** Events at one instant: more, and servers answer each other without a pause. */
	eventsAtOneInstant: 200_000,
	/** Events of one test. */
	events: 5_000_000,
} as const;

const STRAY_REJECTION = "an unhandled rejection of a promise whose prototype is not Promise.prototype";

/** How often, at least, the process's own event loop gets a turn: in it, unhandled rejections come to light. */
const TURN_EVERY_MS = 10;
/** And in how many events: whoever watches over this process can tell a slow run from code that never yields. */
const TURN_EVERY_EVENTS = 200;

export interface SimulationOptions {
	readonly seed: Seed;
	readonly schedule: Schedule;
	readonly pace?: Pace | undefined;
	/** Which choices keep what was drawn. By default all do. */
	readonly selection?: Selection | undefined;
	/** Virtual milliseconds after which the run has taken too long. */
	readonly limitMs?: number | undefined;
	/** Whether errors in machines carry stack traces. */
	readonly withStacks?: boolean | undefined;
}

/**
 * One run: virtual time, chance, the stream of events, and the coroutines of the tester, which sleep on the same queue
 * as everything else.
 */
export class Simulation {
	readonly schedule: Schedule;
	readonly choices: Choices;
	readonly events = new EventStream();
	readonly #scheduler = new Scheduler();
	readonly #pace: Pace | undefined;
	readonly #withStacks: boolean;
	readonly #limitMs: number;
	readonly #soon: (() => void)[] = [];
	#failure: LabFailure | undefined;
	#testerIsAwake = false;
	#testerDraws = 0;
	#testerSleeps = 0;
	#instantMs = 0;
	#instantFirstEvent = 0;
	#eventsDone = 0;
	/** Says who is to blame for a standstill; the network knows. */
	describeTraffic: () => string = () => "";

	constructor(options: SimulationOptions) {
		this.schedule = options.schedule;
		this.choices = new Choices(options.seed, options.selection);
		options.selection?.follow(() => this.nowMs);
		this.#limitMs = Math.min(options.limitMs ?? LIMITS.testMs, LIMITS.testMs);
		this.#pace = options.pace;
		this.#withStacks = options.withStacks === true;
	}

	/** Virtual milliseconds since the run began. */
	get nowMs(): number {
		return this.#scheduler.nowMs;
	}

	/** What the run has failed with so far. */
	get failure(): LabFailure | undefined {
		return this.#failure;
	}

	/** How many events have happened at the present instant. */
	get eventsAtThisInstant(): number {
		return this.#eventsDone - this.#instantFirstEvent;
	}

	/**
	 * Schedules something. The key (`stream`, `a`, `n`) names the event among all of the run: in the race schedule it
	 * decides, with the seed, its place among events due at the same instant.
	 */
	at(atMs: number, stream: number, a: number, n: number, run: () => void): ScheduledEvent {
		if (this.schedule === "calm") return this.#scheduler.at(atMs, 0, run);
		const tie = this.choices.bits(Decision.tie, stream, a, n);
		const { selection } = this.choices;
		if (selection === undefined) return this.#scheduler.at(atMs, tie, run);
		const choice = { decision: Decision.tie, a: stream, b: a, n };
		const event = this.#scheduler.at(atMs, selection.has(choice) ? tie : 0, () => {
			selection.happens(event.atMs, event.sequence, choice);
			run();
		});
		return event;
	}

	cancel(event: ScheduledEvent): void {
		this.#scheduler.cancel(event);
	}

	/** Tells what happens, to all who listen. */
	tell(happening: Happening): void {
		// Not a copy with the time: there are hundreds of thousands of events.
		const event = happening as Happening & { atMs: number };
		event.atMs = this.nowMs;
		this.events.emit(event as SimulationEvent);
	}

	/** The run has failed: it ends here. Only the first failure counts. */
	fail(failure: LabFailure): void {
		if (this.#failure !== undefined) return;
		failure.atMs = this.nowMs;
		this.#failure = failure;
		this.tell({ kind: "failure", check: failure.check, text: failure.message });
	}

	/**
	 * Has something done as soon as what goes on can be interrupted: after the effect of a machine that is being carried out, and before its next one.
	 * Whoever listens to events must not act from within one.
	 */
	soon(act: () => void): void {
		this.#soon.push(act);
	}

	/** This can be interrupted now. */
	pause(): void {
		while (this.#soon.length > 0 && this.#failure === undefined) this.#soon.shift()?.();
	}

	/** The tester sleeps. */
	sleep(ms: number): Promise<void> {
		return new Promise((resolve) => {
			this.at(this.nowMs + ms, Stream.tester, 0, this.#testerSleeps++, () => {
				this.#testerIsAwake = true;
				resolve();
			});
		});
	}

	/** One of the tester's own draws: a uniform integer in 0 … bound-1. */
	draw(bound: number): number {
		return this.choices.integer(Decision.tester, 0, 0, this.#testerDraws++, bound);
	}

	/**
	 * Runs the tester's `body`, and with it the world, until the body is done or the run has failed.
	 *
	 * @throws what the body throws, if it is no {@link LabFailure}.
	 */
	async run(body: () => Promise<void>): Promise<void> {
		const unroute = routeRejections(() => this.fail(new LabFailure("fault-rejection", STRAY_REJECTION)));
		try {
			let isDone = false;
			let thrown: unknown;
			await this.#turn();
			body()
				.catch((error: unknown) => {
					if (error instanceof LabFailure) this.fail(error);
					else thrown = error ?? new Error("the test threw nothing");
				})
				.finally(() => {
					isDone = true;
				});
			// In each turn of the process's event loop the tester's coroutines run until all of them sleep.
			await this.#turn();
			while (!isDone && this.#failure === undefined) {
				if (this.#pace !== undefined) {
					await this.#pace.waitFor(this.#scheduler.nextAtMs);
					await this.#turn();
				}
				this.#advance();
				await this.#turn();
			}
			if (thrown !== undefined) throw thrown;
		} finally {
			unroute();
			// What comes next is none of the simulation's: not in a turn of its own, then.
			if (this.#withStacks) await new Promise((resolve) => setImmediate(resolve));
		}
	}

	/** One turn of the process's event loop. What waits for it goes on within it. */
	#turn(): Promise<void> {
		return new Promise((resolve) =>
			setImmediate(() => {
				resolve();
				if (this.#withStacks) endCallback();
			}),
		);
	}

	/** Lets the world go on until the tester wakes, something fails, or it is time for a turn of the event loop. */
	#advance(): void {
		this.#testerIsAwake = false;
		const untilMs = this.#pace === undefined ? this.nowMs + TURN_EVERY_MS : this.#scheduler.nextAtMs;
		const lastEvent = this.#eventsDone + TURN_EVERY_EVENTS;
		while (!this.#testerIsAwake && this.#failure === undefined) {
			if (!this.#scheduler.step()) throw new Error("the test waits for something that will never happen");
			this.#eventsDone++;
			this.pause();
			this.#checkLimits();
			if (this.#scheduler.nextAtMs > untilMs || this.#eventsDone >= lastEvent) break;
		}
	}

	#checkLimits(): void {
		const nowMs = this.nowMs;
		if (nowMs !== this.#instantMs) {
			this.#instantMs = nowMs;
			this.#instantFirstEvent = this.#eventsDone - 1;
			if (nowMs > this.#limitMs) {
				this.fail(new LabFailure("time-limit", `the test took longer than ${this.#limitMs / 1000} seconds`));
			}
		} else if (this.eventsAtThisInstant > LIMITS.eventsAtOneInstant) {
			const message = `virtual time stands still: more than ${LIMITS.eventsAtOneInstant} events at one instant`;
			this.fail(new LabFailure("standstill", `${message}; ${this.describeTraffic()}`));
		}
		if (this.#eventsDone > LIMITS.events) {
			this.fail(
				new LabFailure("event-budget", `more than ${LIMITS.events} events in one test; ${this.describeTraffic()}`),
			);
		}
	}
}

/** The streams that events belong to: parts of their keys. */
export const Stream = {
	tester: 1,
	timer: 2,
	request: 3,
	reply: 4,
	noReply: 5,
	apply: 6,
	pause: 7,
	look: 8,
	adversary: 9,
} as const;
