/** Steps that the stories of part 2X share: trouble that goes on while clients go on, and the peace after it. */
import type { Cluster } from "../harness/index.ts";
import { agree, everyone } from "./steps.ts";

/** Peace begins with so much time to find a leader; then `one` has its usual patience. */
const CALM_AFTER_MS = 1_000;

/** Every server that says it leads, connected or not. */
export function leaders(cluster: Cluster): number[] {
	return everyone(cluster).filter((server) => cluster.isRunning(server) && cluster.server(server).getState().isLeader);
}

/** Offers a random command to every server that is up. */
export function proposeEverywhere(cluster: Cluster): void {
	for (const server of everyone(cluster)) {
		if (cluster.isRunning(server)) cluster.server(server).start(cluster.randomCommand());
	}
}

/** For a while, clients propose a command every so often, to whoever may take it. */
export async function withClients(cluster: Cluster, forMs: number, everyMs = 30): Promise<void> {
	const untilMs = cluster.nowMs + forMs;
	while (cluster.nowMs < untilMs) {
		proposeEverywhere(cluster);
		await cluster.sleep(everyMs);
	}
}

/** Cuts off whoever leads for a while, as often as asked: each time there must be an election. Clients propose all the time. */
export async function unsettle(cluster: Cluster, times: number, leadsForMs = 400, awayForMs = 600): Promise<void> {
	for (let i = 0; i < times; i++) {
		await withClients(cluster, leadsForMs + cluster.rand(leadsForMs));
		const away = leaders(cluster);
		for (const server of away) cluster.disconnect(server);
		await withClients(cluster, awayForMs + cluster.rand(awayForMs));
		for (const server of away) cluster.connect(server);
	}
}

/** No more trouble: all servers are up and connected, and must agree on a command again. */
export async function peace(cluster: Cluster): Promise<void> {
	cluster.adversary.stop();
	cluster.setReliable(true);
	for (const server of everyone(cluster)) {
		if (!cluster.isRunning(server)) cluster.start(server);
		cluster.connect(server);
	}
	await cluster.sleep(CALM_AFTER_MS);
	await agree(cluster, cluster.size);
}
