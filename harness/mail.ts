import type { Seen } from "./adversary.ts";
import type { HeldMessage } from "./labrpc/network.ts";

/** Which messages: those whose every property that is given here is so; `from` and `to` may name several servers. */
export interface Pattern {
	readonly leg?: Seen["leg"];
	readonly topic?: Seen["topic"];
	readonly from?: number | readonly number[];
	readonly to?: number | readonly number[];
	readonly term?: number;
	readonly rpc?: number;
}

/** Whether a message is one of those. */
export function matches(message: Seen, { leg, topic, from, to, term, rpc }: Pattern): boolean {
	return (
		(leg === undefined || leg === message.leg) &&
		(topic === undefined || topic === message.topic) &&
		(from === undefined || includes(from, message.from)) &&
		(to === undefined || includes(to, message.to)) &&
		(term === undefined || term === message.term) &&
		(rpc === undefined || rpc === message.rpc)
	);
}

function includes(servers: number | readonly number[], server: number): boolean {
	return typeof servers === "number" ? servers === server : servers.includes(server);
}

/** Messages that an adversary holds: nothing arrives before the story says so, and what the story never mentions stays where it is. */
export class Mail {
	#held: { readonly message: Seen; readonly held: HeldMessage }[] = [];
	readonly #delivered: { readonly message: Seen; readonly held: HeldMessage }[] = [];

	/** A message has been held. */
	keep(message: Seen, held: HeldMessage): void {
		this.#held.push({ message, held });
	}

	/** The messages that wait, oldest first. */
	waiting(pattern: Pattern = {}): Seen[] {
		return this.#held.map(({ message }) => message).filter((message) => matches(message, pattern));
	}

	/** The messages that have been delivered, in that order. */
	delivered(pattern: Pattern = {}): Seen[] {
		return this.#delivered.map(({ message }) => message).filter((message) => matches(message, pattern));
	}

	/** Delivers messages, oldest first. Returns how many they were. */
	deliver(pattern: Pattern = {}): number {
		const taken = this.#take(pattern);
		for (const one of taken) {
			this.#delivered.push(one);
			one.held.letGo();
		}
		return taken.length;
	}

	/** Delivers copies of requests, of those that wait and of those that have been delivered. Returns how many they were. */
	repeat(pattern: Pattern = {}): number {
		const all = [...this.#delivered, ...this.#held].filter(({ message }) => matches(message, pattern));
		for (const { held } of all) held.copy();
		return all.length;
	}

	/** Loses messages: who sent the request gets no reply. Returns how many they were. */
	lose(pattern: Pattern = {}): number {
		const taken = this.#take(pattern);
		for (const { held } of taken) held.lose();
		return taken.length;
	}

	#take(pattern: Pattern) {
		const taken = this.#held.filter(({ message }) => matches(message, pattern));
		this.#held = this.#held.filter((one) => !taken.includes(one));
		return taken;
	}
}
