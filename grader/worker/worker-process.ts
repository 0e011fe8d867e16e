import { type ChildProcess, spawn } from "node:child_process";
import type { ProgramSource, SimulationEvent } from "../../harness/index.ts";
import { TargetError } from "../../harness/index.ts";
import type { JournalEvent } from "../replay/journal-schema.ts";
import type { FromWorker, RunOrder, RunOutcome, ToWorker } from "./messages.ts";
import { cpuMs, OwnTime } from "./own-time.ts";
import { residentMb } from "./resident-memory.ts";
import { sandboxOptions, WORKER_ENVIRONMENT } from "./sandbox.ts";

/** What a worker is allowed. */
export interface WorkerLimits {
	/** Real milliseconds for which it may show no sign of life while it runs something: code that never yields. Of these and the next, see OwnTime. */
	readonly stepMs: number;
	/** Real milliseconds for one run. */
	readonly runMs: number;
	/** V8's heap. All in all a worker may have half as much again, and what Node itself needs. */
	readonly memoryMb: number;
}

/** What a worker runs. */
export interface WorkerTask {
	/** The worker's own code. */
	readonly code: string;
	readonly source: ProgramSource;
	/** Breaks off a step of a machine after so long, to see where it hangs. For workers that look into a death. */
	readonly stepLimitMs?: number | undefined;
}

/** How a worker came to its end when nobody had asked it to. */
export type Death =
	| { readonly kind: "silent" | "slow" | "memory" }
	/** It went by itself: an exit code or a signal, and what it said last. */
	| { readonly kind: "exit"; readonly how: string; readonly said: string };

/** Rejects what a worker was doing when it died. */
export class WorkerDeath extends Error {
	override name = "WorkerDeath";
	readonly death: Death;
	/** Whether it died of this very order, or of another that came before. */
	readonly isCulprit: boolean;

	constructor(death: Death, isCulprit: boolean) {
		super(`a worker died: ${death.kind}`);
		this.death = death;
		this.isCulprit = isCulprit;
	}
}

/** A fault of raft-grade's own, in a worker. */
export class WorkerFault extends Error {
	override name = "WorkerFault";
}

interface Pending {
	readonly order: RunOrder;
	readonly resolve: (outcome: RunOutcome) => void;
	readonly reject: (error: Error) => void;
}

/** Hears of a recorded run's events. */
export type RecordListener = (order: RunOrder, first: number, events: readonly JournalEvent[]) => void;

const WATCH_EVERY_MS = 100;
/** Between two signs of life, on a busy machine: nobody is silent before this is over, too. */
const SILENCE_ALLOWANCE_MS = 500;
/** Starting up, a worker loads its own code, which on a busy machine takes its time. */
const START_ALLOWANCE_MS = 20_000;
const NODE_ITSELF_MB = 256;
const KEPT_OF_STDERR = 16_384;

/** A worker, seen from the grader: it is given orders, watched, and killed when it is stuck. */
export class WorkerProcess {
	/** Resolves with the names of the tests when the target could be loaded; rejects with a TargetError, WorkerDeath or WorkerFault. */
	readonly ready: Promise<readonly string[]>;
	/** Hears of the events of runs that are watched. */
	onEvent: (event: SimulationEvent) => void = () => {};
	/** Hears of the events of runs that are recorded; `first` is the number of the first of them in its run. */
	onRecorded: RecordListener = () => {};
	readonly #child: ChildProcess;
	readonly #limits: WorkerLimits;
	readonly #orders = new Map<number, Pending>();
	readonly #watch: NodeJS.Timeout;
	#starting: { resolve(tests: readonly string[]): void; reject(error: Error): void } | undefined;
	#nextId = 0;
	#heardAtMs = performance.now();
	#watchedAtMs = performance.now();
	/** When the oldest order began to be carried out. */
	#orderAtMs = performance.now();
	readonly #silence = new OwnTime(() => cpuMs(this.#child.pid));
	readonly #order = new OwnTime(() => cpuMs(this.#child.pid));
	#said = "";
	#isUp = false;
	#isOver = false;

	constructor({ code, source, stepLimitMs }: WorkerTask, limits: WorkerLimits) {
		this.#limits = limits;
		this.ready = new Promise((resolve, reject) => {
			this.#starting = { resolve, reject };
		});
		// Whoever made the worker may be gone when it fails.
		this.ready.catch(() => {});
		const options = [...sandboxOptions(limits.memoryMb, process.versions.node), "--input-type=module", "-"];
		this.#child = spawn(process.execPath, options, {
			env: WORKER_ENVIRONMENT,
			stdio: ["pipe", "ignore", "pipe", "ipc"],
			serialization: "advanced",
		});
		this.#child.on("error", (error) => this.#end(new WorkerFault(`a worker could not be started: ${error.message}`)));
		this.#child.on("message", (message: FromWorker) => this.#hear(message));
		this.#child.on("close", (exitCode, signal) => this.#closed(exitCode, signal));
		this.#child.stderr?.on("data", (data: Buffer) => {
			this.#said = (this.#said + data.toString("utf8")).slice(-KEPT_OF_STDERR);
		});
		// It may die before it has read everything.
		this.#child.stdin?.on("error", () => {});
		this.#child.stdin?.end(code);
		this.#tell({ kind: "program", source, stepLimitMs });
		this.#watch = setInterval(() => this.#look(), WATCH_EVERY_MS);
	}

	/** Whether it is no more. */
	get isOver(): boolean {
		return this.#isOver;
	}

	/** The order that it carries out, if there is one. */
	get order(): RunOrder | undefined {
		const [pending] = this.#orders.values();
		return pending?.order;
	}

	/**
	 * Makes a run. Orders are carried out one after the other.
	 *
	 * @throws WorkerDeath if the worker dies before it is done, WorkerFault if raft-grade itself is at fault.
	 */
	run(order: RunOrder): Promise<RunOutcome> {
		return new Promise((resolve, reject) => {
			if (this.#isOver) {
				reject(new WorkerDeath({ kind: "exit", how: "was over", said: "" }, false));
				return;
			}
			if (this.#orders.size === 0) this.#orderAtMs = this.#heardAtMs = performance.now();
			const id = this.#nextId++;
			this.#orders.set(id, { order, resolve, reject });
			this.#tell({ kind: "run", id, order });
		});
	}

	/** Ends it, whatever it does. */
	kill(): void {
		this.#end(new WorkerDeath({ kind: "exit", how: "was stopped", said: "" }, false));
	}

	#tell(message: ToWorker): void {
		this.#child.send(message, () => {});
	}

	#hear(message: FromWorker): void {
		this.#heardAtMs = performance.now();
		switch (message.kind) {
			case "beat":
				break;
			case "up":
				this.#isUp = true;
				break;
			case "ready":
				this.#starting?.resolve(message.tests);
				this.#starting = undefined;
				// An order that waited for this begins now.
				this.#orderAtMs = this.#heardAtMs;
				break;
			case "unusable":
				this.#end(new TargetError(message.message));
				break;
			case "fault":
				this.#end(new WorkerFault(message.stack));
				break;
			case "event":
				this.onEvent(message.event);
				break;
			case "events": {
				const order = this.#orders.get(message.id)?.order;
				if (order !== undefined) this.onRecorded(order, message.first, message.events);
				break;
			}
			case "outcome": {
				const pending = this.#orders.get(message.id);
				this.#orders.delete(message.id);
				this.#orderAtMs = this.#heardAtMs;
				pending?.resolve(message.outcome);
				break;
			}
		}
	}

	/** Looks after it. */
	#look(): void {
		const nowMs = performance.now();
		// This process was stopped itself (Ctrl-Z stops its workers too), or had no time: then nobody can say that the worker was silent, or slow.
		const stoppedMs = nowMs - this.#watchedAtMs;
		if (stoppedMs > 5 * WATCH_EVERY_MS) {
			this.#heardAtMs = nowMs;
			this.#orderAtMs += stoppedMs;
		}
		this.#watchedAtMs = nowMs;
		const isStarting = this.#starting !== undefined;
		if (!isStarting && this.#orders.size === 0) return;
		const { stepMs, runMs, memoryMb } = this.#limits;
		const silenceMs = stepMs + (this.#isUp ? SILENCE_ALLOWANCE_MS : START_ALLOWANCE_MS);
		if (this.#silence.spentMs(this.#heardAtMs, nowMs) > silenceMs) this.#die({ kind: "silent" });
		else if (!isStarting && this.#order.spentMs(this.#orderAtMs, nowMs) > runMs) this.#die({ kind: "slow" });
		else if (residentMb(this.#child.pid) > memoryMb * 1.5 + NODE_ITSELF_MB) this.#die({ kind: "memory" });
	}

	#closed(exitCode: number | null, signal: NodeJS.Signals | null): void {
		const how = signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`;
		if (/heap out of memory|Allocation failed|allocation failure/i.test(this.#said)) this.#die({ kind: "memory" });
		else this.#die({ kind: "exit", how, said: this.#said.trim() });
	}

	/** The worker is dead, or as good as: the order it was carrying out died with it, those that waited can be given to another. */
	#die(death: Death): void {
		this.#end(new WorkerDeath(death, true), new WorkerDeath(death, false));
	}

	#end(error: Error, forOthers: Error = error): void {
		if (this.#isOver) return;
		this.#isOver = true;
		clearInterval(this.#watch);
		this.#child.kill("SIGKILL");
		this.#starting?.reject(error);
		this.#starting = undefined;
		let isFirst = true;
		for (const { reject } of this.#orders.values()) {
			reject(isFirst ? error : forOthers);
			isFirst = false;
		}
		this.#orders.clear();
	}
}
