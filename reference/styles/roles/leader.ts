import type { Command, StartResult } from "raft-grade";
import type { AppendRequest, AppendResponse, InstallRequest, InstallResponse } from "./messages.ts";
import { Role } from "./role.ts";

const HEARTBEAT_MS = 120;
/** What is proposed or committed within this time goes out together. */
const BATCH_MS = 5;
/** A leader that has not heard from a majority for so long gives up: others may have elected a new one. */
const QUORUM_MS = 1000;

/** The leader's account of one peer. */
interface Progress {
	peer: number;
	next: number;
	match: number;
	/**
	 * Streaming: the logs are known to agree up to `match`, and `next` moves on as entries are sent. Otherwise the leader
	 * is looking for the place where they agree, and `next` stays until there is an answer.
	 */
	streaming: boolean;
	/** While not streaming: a request is under way, and only the next heartbeat may repeat it. */
	asked: boolean;
	heardAt: number;
}

export class Leader extends Role {
	override readonly isLeader = true;
	#progress: Progress[] = [];
	#batchDue = false;

	override enter(): void {
		const next = this.server.log.lastIndex + 1;
		const heardAt = Date.now();
		this.#progress = this.server.others.map((peer) => {
			return { peer, next, match: 0, streaming: false, asked: false, heardAt };
		});
		this.#heartbeat();
	}

	override propose(command: Command): StartResult {
		const { log, term } = this.server;
		log.append({ term, command });
		// Saved when the batch goes out: nobody depends on the entry before that.
		this.server.changed();
		this.#batchSoon();
		return { index: log.lastIndex, term, isLeader: true };
	}

	/** Its vote is its own. */
	override grantsVote(): boolean {
		return false;
	}

	override append(request: AppendRequest): AppendResponse {
		throw new Error(`a second leader in term ${request.term}`);
	}

	override install(request: InstallRequest): void {
		throw new Error(`a second leader in term ${request.term}`);
	}

	#heartbeat(): void {
		const quorumSince = Date.now() - QUORUM_MS;
		const heard = this.#progress.filter(({ heardAt }) => heardAt >= quorumSince).length + 1;
		if (heard < this.server.majority) {
			this.server.follow();
			return;
		}
		this.setTimer(HEARTBEAT_MS, () => this.#heartbeat());
		for (const progress of this.#progress) this.#send(progress);
	}

	#batchSoon(): void {
		if (this.#batchDue) return;
		this.#batchDue = true;
		setTimeout(() => {
			this.#batchDue = false;
			if (this.retired) return;
			this.server.flush();
			this.#advanceCommit();
			for (const progress of this.#progress) {
				if (progress.streaming || !progress.asked) this.#send(progress);
			}
		}, BATCH_MS);
	}

	#send(progress: Progress): void {
		this.server.flush();
		progress.asked = true;
		if (progress.next <= this.server.log.snapshotIndex) void this.#sendSnapshot(progress);
		else void this.#sendEntries(progress);
	}

	async #sendEntries(progress: Progress): Promise<void> {
		const { server } = this;
		const prevIndex = progress.next - 1;
		const request: AppendRequest = {
			term: server.term,
			prevIndex,
			prevTerm: server.log.termAt(prevIndex),
			entries: server.log.from(progress.next),
			commitIndex: server.applier.committed,
		};
		const lastSent = prevIndex + request.entries.length;
		if (progress.streaming) progress.next = lastSent + 1;

		const response = await this.#call<AppendResponse>(progress, "Raft.appendEntries", request);
		if (this.retired) return;
		if (response === undefined) {
			// The entries may be lost. The next heartbeat finds out, beginning with what is known to be there.
			if (progress.streaming && lastSent > progress.match) this.#search(progress, progress.match + 1);
			progress.asked = false;
		} else if (response.accepted) {
			this.#matches(progress, lastSent);
		} else if (prevIndex > progress.match && (progress.streaming || progress.next === prevIndex + 1)) {
			// Not a refusal from the past. Each one moves `next` back, so this comes to an end.
			const agreed = server.log.lastPossibleMatch(response.hintIndex, response.hintTerm);
			this.#search(progress, Math.max(progress.match + 1, Math.min(prevIndex, agreed + 1)));
			this.#send(progress);
		}
	}

	async #sendSnapshot(progress: Progress): Promise<void> {
		const { term, log, snapshotBytes: snapshot } = this.server;
		const request: InstallRequest = {
			term,
			lastIndex: log.snapshotIndex,
			lastTerm: log.termAt(log.snapshotIndex),
			snapshot,
		};
		const response = await this.#call<InstallResponse>(progress, "Raft.installSnapshot", request);
		if (this.retired) return;
		if (response === undefined) progress.asked = false;
		else this.#matches(progress, request.lastIndex);
	}

	async #call<Response extends { term: number }>(
		progress: Progress,
		method: string,
		request: AppendRequest | InstallRequest,
	): Promise<Response | undefined> {
		const response = await this.server.peers[progress.peer]?.call<Response>(method, request);
		if (response === undefined || this.isOver(response.term)) return undefined;
		progress.heardAt = Date.now();
		return response;
	}

	#search(progress: Progress, next: number): void {
		progress.streaming = false;
		progress.asked = false;
		progress.next = next;
	}

	#matches(progress: Progress, index: number): void {
		progress.streaming = true;
		progress.match = Math.max(progress.match, index);
		progress.next = Math.max(progress.next, progress.match + 1);
		this.#advanceCommit();
		if (progress.next <= this.server.log.lastIndex) this.#batchSoon();
	}

	/** What a majority has is committed, if it is of this term; older entries are committed along with it. */
	#advanceCommit(): void {
		const { log, term, majority, applier } = this.server;
		const matches = [log.lastIndex, ...this.#progress.map(({ match }) => match)].sort((a, b) => b - a);
		const index = matches[majority - 1] as number;
		if (index <= applier.committed || log.termAt(index) !== term) return;
		applier.commit(index);
		this.#batchSoon();
	}
}
