import type { Command, StartResult } from "raft-grade";
import type { AppendRequest, AppendResponse, InstallRequest, VoteRequest } from "./messages.ts";
import type { Server } from "./server.ts";

/**
 * What a server does while it plays one part. A candidate or a leader is for one term only, so a reply that finds its
 * role retired is a reply from the past.
 */
export abstract class Role {
	protected readonly server: Server;
	#timer: NodeJS.Timeout | undefined;

	constructor(server: Server) {
		this.server = server;
	}

	readonly isLeader: boolean = false;

	abstract enter(): void;

	leave(): void {
		clearTimeout(this.#timer);
	}

	/** The requests below are of the server's own term; the server has dealt with older and newer ones. */
	abstract grantsVote(request: VoteRequest): boolean;
	abstract append(request: AppendRequest): AppendResponse;
	abstract install(request: InstallRequest): void;

	propose(_command: Command): StartResult {
		return { index: -1, term: this.server.term, isLeader: false };
	}

	protected get retired(): boolean {
		return this.server.role !== this;
	}

	/** A role has one timer; setting it again puts it off. */
	protected setTimer(ms: number, onTime: () => void): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			if (!this.retired) onTime();
		}, ms);
	}

	/** Another server's reply may tell of a higher term, and then this role is over. */
	protected isOver(term: number): boolean {
		if (this.retired) return true;
		if (term <= this.server.term) return false;
		this.server.observe(term);
		this.server.flush();
		return true;
	}
}
