import type { Cluster } from "../cluster.ts";
import type { Program } from "../machine/program.ts";
import { submission } from "./submission.ts";

/** What a puppet is told to do. */
export type Order =
	/** What to say in getState() from now on. */
	| { readonly be: { readonly term: number; readonly isLeader: boolean } }
	/** Apply a command. */
	| { readonly apply: { readonly index: number; readonly command: unknown } }
	/** What to do with a proposed command while it is leader: have all servers apply it, only itself, or none. */
	| { readonly appliedBy: "all" | "me" | "none" }
	/** The index to put the next proposed command at. */
	| { readonly nextIndex: number }
	/** Save as many bytes of Raft state. */
	| { readonly save: number }
	/** Call Echo on another server, which takes so long to answer. */
	| { readonly echo: { readonly to: number; readonly args: unknown; readonly handlingMs?: number } }
	/** Do it later. */
	| { readonly afterMs: number; readonly order: Order };

/**
 * A server that does what it is told, whether that makes sense or not. Orders reach it as commands to start() with the
 * key `order`, which it does not accept; all other commands it takes as leader, and puts at one index after the other.
 */
const SOURCE = `
import { type ApplyChannel, type ClientEnd, type Persister, sleep } from "raft-grade";

export function make(peers: ClientEnd[], me: number, persister: Persister, applyCh: ApplyChannel) {
	let term = 1;
	let isLeader = false;
	let nextIndex = 1;
	let appliedBy = "all";

	function obey(order: any): void {
		if (order.be) ({ term, isLeader } = order.be);
		if (order.apply) push(order.apply);
		if (order.appliedBy) appliedBy = order.appliedBy;
		if (order.nextIndex !== undefined) nextIndex = order.nextIndex;
		if (order.save) persister.save(new Uint8Array(order.save), new Uint8Array(0));
		if (order.echo) void peers[order.echo.to].call("Echo", order.echo);
		if (order.order) setTimeout(() => obey(order.order), order.afterMs);
	}

	function push({ index, command }: { index: number; command: unknown }): void {
		void applyCh.send({ commandValid: true, command, commandIndex: index });
	}

	return {
		start(command: any) {
			if (command?.order) obey(command.order);
			if (command?.order || !isLeader) return { index: -1, term, isLeader: false };
			const index = nextIndex++;
			if (appliedBy === "me") push({ index, command });
			if (appliedBy === "all") for (const peer of peers) void peer.call("Push", { index, command });
			return { index, term, isLeader };
		},
		Push: push,
		async Echo({ args, handlingMs = 0 }: { args: unknown; handlingMs?: number }) {
			if (handlingMs > 0) await sleep(handlingMs);
			return args;
		},
		getState: () => ({ term, isLeader }),
		snapshot() {},
		kill() {},
	};
}
`;

let program: Promise<Program> | undefined;

/** The puppets' program. */
export function puppets(): Promise<Program> {
	program ??= submission(SOURCE);
	return program;
}

/** Tells a puppet what to do. */
export function tell(cluster: Cluster, server: number, ...orders: readonly Order[]): void {
	for (const order of orders) cluster.server(server).start({ order });
}

/** Makes a puppet the leader of a term. */
export function makeLeader(cluster: Cluster, server: number, term = 1): void {
	tell(cluster, server, { be: { term, isLeader: true } });
}
