import type { ApplyChannel } from "raft-grade";
import type { Log } from "./log.ts";

/** Hands what is committed to the service, in order, one message at a time. */
export class Applier {
	readonly #log: Log;
	readonly #applyCh: ApplyChannel;
	#committed: number;
	#applied: number;
	#snapshot: { data: Uint8Array; term: number; index: number } | undefined;
	#running = false;
	#stopped = false;

	/** The service already has what the log's snapshot covers. */
	constructor(log: Log, applyCh: ApplyChannel) {
		this.#log = log;
		this.#applyCh = applyCh;
		this.#committed = log.snapshotIndex;
		this.#applied = log.snapshotIndex;
	}

	get committed(): number {
		return this.#committed;
	}

	get applied(): number {
		return this.#applied;
	}

	commit(index: number): void {
		if (index <= this.#committed) return;
		this.#committed = index;
		void this.#run();
	}

	/** A snapshot from the leader stands for all entries up to its index, of which some have not been committed here. */
	install(data: Uint8Array, term: number, index: number): void {
		this.#snapshot = { data, term, index };
		this.commit(index);
	}

	stop(): void {
		this.#stopped = true;
	}

	async #run(): Promise<void> {
		if (this.#running) return;
		this.#running = true;
		while (!this.#stopped && this.#applied < this.#committed) {
			if (this.#snapshot === undefined) {
				const commandIndex = ++this.#applied;
				await this.#applyCh.send({ commandValid: true, command: this.#log.commandAt(commandIndex), commandIndex });
			} else {
				const { data: snapshot, term: snapshotTerm, index: snapshotIndex } = this.#snapshot;
				this.#snapshot = undefined;
				this.#applied = snapshotIndex;
				await this.#applyCh.send({ snapshotValid: true, snapshot, snapshotTerm, snapshotIndex });
			}
		}
		this.#running = false;
	}
}
