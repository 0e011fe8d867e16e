import type { ApplyChannel, ApplyMsg } from "raft-grade";

/**
 * Hands committed entries and snapshots to the service, one after the other. The service takes its time, and the rest of
 * the server does not wait for it. When there is nothing more, the applier rests until it is woken: it never polls.
 */
export class Applier {
	readonly #applyCh: ApplyChannel;
	readonly #next: () => ApplyMsg | undefined;
	#isAwake = false;
	#isStopped = false;

	/** @param next - decides what the service gets next; undefined: nothing for now. */
	constructor(applyCh: ApplyChannel, next: () => ApplyMsg | undefined) {
		this.#applyCh = applyCh;
		this.#next = next;
	}

	/** There may be something to apply. Nothing is missed between a last look and going to rest: there is no await between. */
	wake(): void {
		if (!this.#isAwake && !this.#isStopped) void this.#work();
	}

	stop(): void {
		this.#isStopped = true;
	}

	async #work(): Promise<void> {
		this.#isAwake = true;
		for (let msg = this.#next(); msg !== undefined && !this.#isStopped; msg = this.#next()) {
			await this.#applyCh.send(msg);
		}
		this.#isAwake = false;
	}
}
