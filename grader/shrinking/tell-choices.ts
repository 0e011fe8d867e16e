import { type Choice, Decision, type KeptChoice, type SimulationEvent, Stream } from "../../harness/index.ts";
import { seconds } from "../report/text.ts";

type Call = SimulationEvent & { readonly kind: "call" };

/** What the choices of a shrunk run did, a sentence for each, in the order in which they came up. */
export function tellChoices(
	kept: readonly KeptChoice[],
	events: readonly SimulationEvent[],
	servers: number,
): readonly string[] {
	const teller = new Teller(events, servers);
	return kept.map((choice) => `${teller.tell(choice)}.`);
}

class Teller {
	readonly #servers: number;
	readonly #events: readonly SimulationEvent[];
	/** The calls from one server to another, in order: a choice names its message by its place among them. */
	readonly #calls = new Map<string, Call[]>();

	constructor(events: readonly SimulationEvent[], servers: number) {
		this.#servers = servers;
		this.#events = events;
		for (const event of events) {
			if (event.kind !== "call") continue;
			const way = `${event.from} ${event.to}`;
			const known = this.#calls.get(way);
			if (known === undefined) this.#calls.set(way, [event]);
			else known.push(event);
		}
	}

	tell(choice: KeptChoice): string {
		const { decision, a, b, n, atMs, drawn } = choice;
		const at = `at ${seconds(atMs)}`;
		const request = () => `${this.#request(a, b, n)} ${at}`;
		const reply = () => `${this.#reply(a, b, n)} ${at}`;
		switch (decision) {
			case Decision.requestLoss:
				return `${request()} was lost`;
			case Decision.replyLoss:
				return `${reply()} was lost`;
			case Decision.requestDelay:
			case Decision.requestLatency:
				return `${request()} took ${milliseconds(drawn)}`;
			case Decision.replyLatency:
				return `${reply()} took ${milliseconds(drawn)}`;
			case Decision.reorder:
				return `${reply()} was held back for ${milliseconds(drawn)}`;
			case Decision.unreachableDelay:
				return `${request()}, which could not reach it, gave up after ${milliseconds(drawn)}`;
			case Decision.pauseLength:
				return `S${a} was paused for ${milliseconds(drawn)} ${at}`;
			case Decision.timerLateness:
				return `a timer that S${a} set ${at} fired ${milliseconds(drawn)} late`;
			case Decision.applyOrder:
				return `S${a}'s applyCh.send() ${at} returned before the service had handled the message`;
			case Decision.tie:
				return `${this.#tied(choice)} came out of turn among what was due ${at}`;
			case Decision.adversary:
				return `${this.#adversary(choice)}`;
			default:
				throw new Error(`decision ${decision} has no default`);
		}
	}

	#request(from: number, to: number, n: number): string {
		return `S${from}'s ${this.#method(from, to, n)} to S${to}`;
	}

	#reply(from: number, to: number, n: number): string {
		return `S${to}'s reply to S${from}'s ${this.#method(from, to, n)}`;
	}

	#method(from: number, to: number, n: number): string {
		return this.#calls.get(`${from} ${to}`)?.[n]?.method ?? "call";
	}

	/** An event that happened at another place among those of its instant than it was made at; a is its stream, b whose it is. */
	#tied({ a: stream, b: key, n }: Choice): string {
		const [from, to] = [Math.floor(key / this.#servers), key % this.#servers];
		switch (stream) {
			case Stream.tester:
				return "the tester's waking";
			case Stream.timer:
				return `a timer of S${key}'s`;
			case Stream.request:
			case Stream.adversary:
				return `the arrival of ${this.#request(from, to, n)}`;
			case Stream.reply:
				return `the arrival of ${this.#reply(from, to, n)}`;
			case Stream.noReply:
				return `the end of a call from S${from} to S${to}`;
			case Stream.apply:
				return `a message of S${key}'s on applyCh`;
			case Stream.pause:
				return `a pause of S${key}'s`;
			default:
				return "an event of the network's";
		}
	}

	#adversary({ a: key, b, n, atMs, drawn }: KeptChoice): string {
		const isReply = key % 2 === 1;
		const pair = Math.floor(key / 2);
		const [from, to] = [Math.floor(pair / this.#servers), pair % this.#servers];
		const message = isReply ? this.#reply(to, from, n) : this.#request(from, to, n);
		const at = `at ${seconds(atMs)}`;
		if (b === 0) return `${message} ${at} ${fateInWords(drawn)}`;
		const crashed = this.#events.find((event) => event.kind === "crash" && event.atMs === atMs);
		const whom = crashed?.kind === "crash" ? `S${crashed.server} crashed and restarted` : "a server was stopped";
		return `${whom} ${at}, right after ${message}`;
	}
}

function fateInWords(fate: unknown): string {
	if (typeof fate !== "object" || fate === null || !("kind" in fate)) return "was interfered with";
	switch (fate.kind) {
		case "lost":
			return "was lost";
		case "late":
			return `took ${milliseconds("ms" in fate ? fate.ms : 0)}`;
		case "held":
			return "was held back";
		case "twice":
			return `came a second time ${milliseconds("afterMs" in fate ? fate.afterMs : 0)} later`;
		default:
			return "was interfered with";
	}
}

function milliseconds(drawn: unknown): string {
	const ms = typeof drawn === "number" ? drawn : 0;
	return `${ms < 10 ? Math.round(10 * ms) / 10 : Math.round(ms).toLocaleString("en-US")} ms`;
}
