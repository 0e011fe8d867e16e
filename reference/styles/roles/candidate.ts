import type { ClientEnd } from "raft-grade";
import type { AppendRequest, AppendResponse, InstallRequest, VoteRequest, VoteResponse } from "./messages.ts";
import { Role } from "./role.ts";

export class Candidate extends Role {
	#votes = 0;

	override enter(): void {
		const { server } = this;
		server.setTerm(server.term + 1, server.me);
		server.flush();
		this.setTimer(server.electionTimeoutMs(), () => server.standForElection());
		const request: VoteRequest = {
			term: server.term,
			candidate: server.me,
			lastIndex: server.log.lastIndex,
			lastTerm: server.log.lastTerm,
		};
		this.#count();
		for (const peer of server.others) void this.#ask(server.peers[peer] as ClientEnd, request);
	}

	async #ask(peer: ClientEnd, request: VoteRequest): Promise<void> {
		const response = await peer.call<VoteResponse>("Raft.requestVote", request);
		if (response === undefined || this.isOver(response.term)) return;
		if (response.granted) this.#count();
	}

	#count(): void {
		this.#votes++;
		if (this.#votes >= this.server.majority) this.server.lead();
	}

	/** Its vote is its own. */
	override grantsVote(): boolean {
		return false;
	}

	/** Somebody else has won this term. */
	override append(request: AppendRequest): AppendResponse {
		this.server.follow();
		return this.server.role.append(request);
	}

	override install(request: InstallRequest): void {
		this.server.follow();
		this.server.role.install(request);
	}
}
