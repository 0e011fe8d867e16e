import type { Cluster, Mail } from "../harness/index.ts";
import { leaders } from "./attacks.ts";
import { everyone } from "./steps.ts";

/** How long a step of a story may take until it shows: an answer, or a machine's pause. */
const STEP_MS = 60;
/** Longer than the longest election timeout that makes sense in the labs. */
const STANDS_WITHIN_MS = 1_600;
const LOOK_EVERY_MS = 5;
/** Long enough for a heartbeat. */
const BEAT_MS = 160;

/**
 * A cluster on which nothing happens by itself: no clock goes, and no request arrives, unless the story says so. (Answers arrive, as long as the story
 * doesn't hold them as well.) So the worst order of things can be told step by step, whatever a solution calls its messages and however long its timeouts are.
 *
 * All of it is asynchrony as Raft must bear it: messages may take as long as they like, and safety must not depend on time. Where a solution does not play
 * the part that is meant for it, the methods return false, and the story ends; it must never fail for that.
 */
export class Stage {
	readonly #cluster: Cluster;
	/** Everything that is under way. */
	readonly mail: Mail;

	constructor(cluster: Cluster, answers: "arrive" | "wait" = "arrive") {
		this.#cluster = cluster;
		this.mail = cluster.adversary.hold(answers === "wait" ? {} : { leg: "request" });
		this.stopClocks();
	}

	/** Stops everybody's clock. */
	stopClocks(): void {
		for (const server of everyone(this.#cluster)) this.#cluster.adversary.stopClock(server);
	}

	term(server: number): number {
		return this.#cluster.adversary.stateOf(server).term;
	}

	leads(server: number): boolean {
		return this.#cluster.adversary.stateOf(server).isLeader;
	}

	/** Lets time pass until something is so. Returns whether it came to that. */
	async until(isSo: () => boolean, withinMs = STEP_MS): Promise<boolean> {
		const latestMs = this.#cluster.nowMs + withinMs;
		while (!isSo()) {
			if (this.#cluster.nowMs >= latestMs) return false;
			await this.#cluster.sleep(LOOK_EVERY_MS);
		}
		return true;
	}

	/** Lets what has arrived take effect. */
	settle(): Promise<void> {
		return this.#cluster.sleep(3 * LOOK_EVERY_MS);
	}

	/** A server's clock goes until it stands for election in a term of at least this; its requests wait. */
	async stand(server: number, term = this.term(server) + 1): Promise<boolean> {
		const { adversary } = this.#cluster;
		if (this.leads(server)) adversary.bounce(server);
		for (let tries = 0; this.term(server) < term && tries < 50; tries++) {
			if (!(await this.#standOnce(server))) return false;
		}
		return this.term(server) >= term;
	}

	async #standOnce(server: number): Promise<boolean> {
		const { adversary } = this.#cluster;
		const before = this.term(server);
		const hasMoved = () => this.term(server) > before;
		adversary.startClock(server);
		let stands = await this.until(hasMoved, STANDS_WITHIN_MS);
		if (!stands) {
			// It asks before it raises its term (pre-vote): these questions, which bind nobody, are let through.
			stands = await this.until(() => {
				this.mail.deliver({ from: server, topic: "election", term: before });
				return hasMoved();
			}, 2 * STANDS_WITHIN_MS);
		}
		adversary.stopClock(server);
		// What it asks may wait for its disk.
		const asked = { leg: "request", topic: "election", from: server, term: this.term(server) } as const;
		if (stands) await this.until(() => this.mail.waiting(asked).length > 0, STEP_MS / 2);
		return stands && !this.leads(server);
	}

	/** These servers stand in one and the same term, which is later than a third one's, if that is given. */
	async standTogether(one: number, other: number, voter?: number): Promise<boolean> {
		const term = Math.max(this.term(one), this.term(other), voter === undefined ? 0 : this.term(voter) + 1) + 1;
		return (await this.stand(one, term)) && (await this.stand(other, term)) && this.term(one) === this.term(other);
	}

	/** Delivers a candidate's requests in its present term. Returns whether it leads then. */
	async ask(candidate: number, voters: number | readonly number[]): Promise<boolean> {
		this.mail.deliver({ from: candidate, to: voters, topic: "election", term: this.term(candidate) });
		return this.until(() => this.leads(candidate));
	}

	/** A server stands, and gets the votes of these, as often as it takes: answers may tell it of later terms. */
	async elect(server: number, voters: readonly number[]): Promise<boolean> {
		if (this.leads(server)) return true;
		for (let tries = 0; tries < 4; tries++) {
			if (!(await this.stand(server))) return this.leads(server);
			if (await this.ask(server, voters)) return true;
			await this.settle();
		}
		return false;
	}

	/** A leader's clock goes for a while, and what it sends reaches these servers. */
	async replicate(leader: number, to: readonly number[], forMs = BEAT_MS): Promise<void> {
		const { adversary } = this.#cluster;
		adversary.startClock(leader);
		await this.until(() => {
			this.mail.deliver({ from: leader, to, topic: "replication", term: this.term(leader) });
			return !this.leads(leader);
		}, forMs);
		adversary.stopClock(leader);
	}

	/** The same, where answers wait as well. */
	async replicateBothWays(leader: number, followers: readonly number[], forMs = BEAT_MS): Promise<void> {
		const { adversary } = this.#cluster;
		adversary.startClock(leader);
		await this.until(() => {
			this.mail.deliver({ leg: "request", from: leader, to: followers, topic: "replication", term: this.term(leader) });
			this.mail.deliver({ leg: "reply", from: followers, to: leader });
			return !this.leads(leader);
		}, forMs);
		adversary.stopClock(leader);
	}

	/** Commands for a server that leads. Returns whether it took them all. */
	propose(server: number, count = 1): boolean {
		for (let i = 0; i < count; i++) {
			if (!this.#cluster.server(server).start(this.#cluster.randomCommand()).isLeader) return false;
		}
		return true;
	}

	/** The one that leads, of the latest term. */
	leader(): number | undefined {
		return leaders(this.#cluster).sort((a, b) => this.term(b) - this.term(a))[0];
	}
}
