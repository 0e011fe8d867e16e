import type { AppendRequest, AppendResponse, InstallRequest, VoteRequest } from "./messages.ts";
import { Role } from "./role.ts";

export class Follower extends Role {
	override enter(): void {
		this.#waitForLeader();
	}

	override grantsVote(request: VoteRequest): boolean {
		const { server } = this;
		if (server.votedFor !== undefined && server.votedFor !== request.candidate) return false;
		if (!server.log.isUpToDate(request.lastIndex, request.lastTerm)) return false;
		server.setTerm(server.term, request.candidate);
		this.#waitForLeader();
		return true;
	}

	override append(request: AppendRequest): AppendResponse {
		this.#waitForLeader();
		const { log, term } = this.server;
		const { prevIndex, prevTerm, entries } = request;
		const agrees = prevIndex <= log.snapshotIndex || log.termAt(prevIndex) === prevTerm;
		if (!agrees) {
			const hintIndex = log.lastPossibleMatch(prevIndex, prevTerm);
			return { term, accepted: false, hintIndex, hintTerm: log.termAt(hintIndex) };
		}
		for (const [i, entry] of entries.entries()) {
			const index = prevIndex + 1 + i;
			if (index <= log.snapshotIndex || log.termAt(index) === entry.term) continue;
			// Only an entry of another term makes what follows wrong: the request may be older than the log.
			log.cutFrom(index);
			log.append(entry);
			this.server.changed();
		}
		this.server.applier.commit(Math.min(request.commitIndex, prevIndex + entries.length));
		return { term, accepted: true, hintIndex: 0, hintTerm: 0 };
	}

	override install(request: InstallRequest): void {
		this.#waitForLeader();
		const { server } = this;
		const { lastIndex, lastTerm, snapshot } = request;
		if (lastIndex <= server.applier.committed) return;
		server.setSnapshot(lastIndex, lastTerm, snapshot);
		server.applier.install(snapshot, lastTerm, lastIndex);
	}

	#waitForLeader(): void {
		this.setTimer(this.server.electionTimeoutMs(), () => this.server.standForElection());
	}
}
