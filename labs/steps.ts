/** Steps that several stories share: the words in which the labs are told, beyond those of the cluster itself. */

import { expect } from "chai";
import type { Cluster } from "../harness/index.ts";

/** The time in which the labs expect a new leader to be found; often granted several times over. */
export const ELECTION_TIMEOUT_MS = 1000;

/** How a message names a server. */
export function name(server: number): string {
	return `S${server}`;
}

/** All servers of the cluster, in order. */
export function everyone(cluster: Cluster): number[] {
	return Array.from({ length: cluster.size }, (_, server) => server);
}

/** The server `steps` places after `server`, going round: the usual way to pick followers of a known leader. */
export function next(cluster: Cluster, server: number, steps = 1): number {
	return (server + steps) % cluster.size;
}

/** Cuts these servers off, one after the other. */
export function disconnect(cluster: Cluster, ...servers: number[]): void {
	for (const server of servers) cluster.disconnect(server);
}

/** Reconnects these servers, one after the other. */
export function connect(cluster: Cluster, ...servers: number[]): void {
	for (const server of servers) cluster.connect(server);
}

/** Restarts these servers from what they have saved (crashing those that are up), and connects each. */
export function restart(cluster: Cluster, ...servers: number[]): void {
	for (const server of servers) {
		cluster.start(server);
		cluster.connect(server);
	}
}

/** Agreement on a random command, with as many tries as fit. Returns its index. */
export function agree(cluster: Cluster, expectedServers: number): Promise<number> {
	return cluster.one(cluster.randomCommand(), expectedServers, true);
}

/** Proposes random commands to one server, without waiting for any of them. */
export function proposeRandom(cluster: Cluster, server: number, count: number): void {
	for (let i = 0; i < count; i++) cluster.server(server).start(cluster.randomCommand());
}

/** Lets work go on beside the story. Its failure is reported when it is awaited, not as an unhandled rejection before that. */
export function inBackground<T>(work: Promise<T>): Promise<T> {
	work.catch(() => {});
	return work;
}

/** A figure that must not exceed a limit. How near it came is noted. */
export function expectAtMost(cluster: Cluster, used: number, limit: number, what: string): void {
	cluster.noteLimit(what, used, limit);
	expect(used, `${what} (too many)`).to.be.at.most(limit);
}
