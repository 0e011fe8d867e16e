import type { Command } from "raft-grade";

// What the servers say to each other. All of it plain values.

export interface VoteRequest {
	term: number;
	candidate: number;
	lastIndex: number;
	lastTerm: number;
}

export interface VoteResponse {
	term: number;
	granted: boolean;
}

export interface Entry {
	term: number;
	command: Command;
}

export interface AppendRequest {
	term: number;
	prevIndex: number;
	prevTerm: number;
	entries: Entry[];
	commitIndex: number;
}

export interface AppendResponse {
	term: number;
	accepted: boolean;
	/** If not accepted: the last position at which the two logs can agree, as far as the follower can tell, and its term there. */
	hintIndex: number;
	hintTerm: number;
}

export interface InstallRequest {
	term: number;
	lastIndex: number;
	lastTerm: number;
	snapshot: Uint8Array;
}

export interface InstallResponse {
	term: number;
}
