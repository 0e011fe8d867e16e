import { type ProgramSource, type SimulationEvent, TargetError, withLoopCounts } from "../../harness/index.ts";
import { containedOutcome, describeDeath } from "./containment.ts";
import type { RunOrder, RunOutcome } from "./messages.ts";
import { type RecordListener, WorkerDeath, type WorkerLimits, WorkerProcess } from "./worker-process.ts";

export interface PoolOptions {
	/** How many workers. */
	readonly jobs: number;
	/** The workers' own code. */
	readonly code: string;
	readonly source: ProgramSource;
	readonly limits: WorkerLimits;
}

/** So many orders a worker has at once: the one it carries out, and one to go on with. */
const ORDERS_AT_ONCE = 2;

/**
 * The workers of a grading. Runs are handed out one by one to whoever is free. A run of which a worker dies is made once more, alone in a
 * fresh worker that looks closely: what happens there is its verdict, so that nobody pays for what another run left behind.
 */
export class Pool {
	/** Hears of the events of runs that are watched. */
	onEvent: (event: SimulationEvent) => void = () => {};
	/** Hears of the events of runs that are recorded, by their orders. A run that is made a second time begins with event 0 again. */
	onRecorded: RecordListener = () => {};
	readonly #options: PoolOptions;
	readonly #slots: WorkerProcess[];
	readonly #trials = new Set<WorkerProcess>();
	#isClosed = false;

	constructor(options: PoolOptions) {
		this.#options = options;
		this.#slots = Array.from({ length: options.jobs }, () => this.#spawn());
		// However this process ends: a worker that hangs would not notice, and go on for ever.
		process.once("exit", this.#killAll);
	}

	/**
	 * Waits until the target has been loaded, or the pool has been closed.
	 *
	 * @returns the names of the tests that there are; none if it has been closed.
	 * @throws TargetError if it cannot be.
	 */
	async ready(): Promise<readonly string[]> {
		try {
			return await Promise.race(this.#slots.map((slot) => slot.ready));
		} catch (error) {
			if (this.#isClosed) return [];
			if (error instanceof WorkerDeath) return this.#loadOnTrial();
			throw error;
		}
	}

	/**
	 * Makes runs until there are no more, or the signal says stop.
	 *
	 * @param orders - taken one by one, as workers become free: it may go on for ever, and may depend on outcomes so far.
	 * @param onOutcome - hears of each run that is over, in the order in which they end.
	 * @param isWanted - asked whenever a run is over, for each that is under way: one that isn't wanted any more is broken off, and nobody hears of it.
	 * @throws WorkerFault for a fault of raft-grade itself.
	 */
	async run<Order extends RunOrder>(
		orders: Iterable<Order>,
		onOutcome: (order: Order, outcome: RunOutcome) => void,
		signal?: AbortSignal,
		isWanted: (order: Order) => boolean = () => true,
	): Promise<void> {
		const iterator = orders[Symbol.iterator]();
		const again: Order[] = [];
		const isStopped = () => this.#isClosed || signal?.aborted === true;
		const next = () => {
			if (isStopped()) return undefined;
			for (let waiting = again.shift(); waiting !== undefined; waiting = again.shift()) {
				if (isWanted(waiting)) return waiting;
			}
			const { value, done } = iterator.next();
			return done === true ? undefined : value;
		};
		const underWay = new Set<Order>();
		const lane = async (slot: number) => {
			for (let order = next(); order !== undefined; order = next()) {
				const taken = order;
				const isOff = () => isStopped() || !isWanted(taken);
				underWay.add(taken);
				try {
					const outcome = await this.#runOnce(slot, taken, isOff, (untouched) => again.push(untouched));
					// What comes of a worker that was stopped says nothing of the run.
					if (outcome !== undefined && !isOff()) onOutcome(taken, outcome);
				} catch (error) {
					if (!isOff()) throw error;
				} finally {
					underWay.delete(taken);
				}
				this.#breakOff([...underWay].filter((other) => !isWanted(other)));
			}
		};
		// Nobody waits for what is under way: whatever comes next gets fresh workers.
		signal?.addEventListener("abort", this.#killAll, { once: true });
		const lanes = this.#slots.flatMap((_, slot) => Array.from({ length: ORDERS_AT_ONCE }, () => lane(slot)));
		try {
			await Promise.all(lanes);
		} finally {
			signal?.removeEventListener("abort", this.#killAll);
		}
	}

	/** Ends all workers. */
	close(): void {
		this.#isClosed = true;
		this.#killAll();
		process.off("exit", this.#killAll);
	}

	readonly #killAll = (): void => {
		for (const worker of [...this.#slots, ...this.#trials]) worker.kill();
	};

	/** Ends the workers that carry out one of these. What waits for them there is handed out again. */
	#breakOff(orders: readonly RunOrder[]): void {
		for (const worker of [...this.#slots, ...this.#trials]) {
			if (worker.order !== undefined && orders.includes(worker.order)) worker.kill();
		}
	}

	/** Makes a run. Undefined if it has not been made: it is to be handed out again. */
	async #runOnce<Order extends RunOrder>(
		slot: number,
		order: Order,
		isOff: () => boolean,
		handBack: (order: Order) => void,
	): Promise<RunOutcome | undefined> {
		if (this.#slots[slot]?.isOver !== false) this.#slots[slot] = this.#spawn();
		try {
			return await (this.#slots[slot] as WorkerProcess).run(order);
		} catch (error) {
			if (!(error instanceof WorkerDeath) || isOff()) throw error;
			if (!error.isCulprit) {
				handBack(order);
				return undefined;
			}
			// Two minutes are not something that another run can have left behind.
			if (error.death.kind === "slow")
				return containedOutcome(error.death, this.#options.limits, this.#options.limits.runMs);
			return this.#runOnTrial(order, error, isOff);
		}
	}

	/** A run of which a worker died, alone in a fresh worker. */
	async #runOnTrial(order: RunOrder, { death }: WorkerDeath, isOff: () => boolean): Promise<RunOutcome> {
		const beganMs = performance.now();
		const worker = await this.#spawnTrial(death.kind === "silent");
		if (isOff()) worker.kill();
		try {
			await worker.ready;
			if (isOff()) worker.kill();
			return await worker.run(order);
		} catch (error) {
			if (!(error instanceof WorkerDeath)) throw error;
			return containedOutcome(error.death, this.#options.limits, performance.now() - beganMs);
		} finally {
			worker.kill();
			this.#trials.delete(worker);
		}
	}

	/** A worker died of loading the target. */
	async #loadOnTrial(): Promise<readonly string[]> {
		const worker = await this.#spawnTrial(true);
		if (this.#isClosed) worker.kill();
		try {
			return await worker.ready;
		} catch (error) {
			if (this.#isClosed) return [];
			if (!(error instanceof WorkerDeath)) throw error;
			throw new TargetError(`loading the module, or make(): ${describeDeath(error.death, this.#options.limits)}`);
		} finally {
			worker.kill();
			this.#trials.delete(worker);
		}
	}

	#spawn(): WorkerProcess {
		const { code, source, limits } = this.#options;
		const worker = new WorkerProcess({ code, source }, limits);
		worker.onEvent = (event) => this.onEvent(event);
		worker.onRecorded = (order, first, events) => this.onRecorded(order, first, events);
		return worker;
	}

	/** @param isHanging - whether to find out where it hangs. Counting takes time of its own, so it does so only then. */
	async #spawnTrial(isHanging: boolean): Promise<WorkerProcess> {
		const { code, source, limits } = this.#options;
		const task = isHanging
			? { code, source: await withLoopCounts(source), stepLimitMs: limits.stepMs }
			: { code, source };
		// The worker itself ends a step that takes too long; the grader only if it cannot.
		const worker = new WorkerProcess(task, isHanging ? { ...limits, stepMs: 3 * limits.stepMs } : limits);
		worker.onRecorded = (order, first, events) => this.onRecorded(order, first, events);
		this.#trials.add(worker);
		return worker;
	}
}
