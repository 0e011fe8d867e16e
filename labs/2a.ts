import { expect } from "chai";
import { lab } from "./lab.ts";
import { connect, disconnect, ELECTION_TIMEOUT_MS, next } from "./steps.ts";

describe("2A: leader election", () => {
	lab("InitialElection", { servers: 3 }, async (cluster) => {
		await cluster.checkOneLeader();

		// A moment for the followers to learn who won.
		await cluster.sleep(50);
		const term1 = cluster.checkTerms();
		expect(term1, "the term that all servers agree on after the first election").to.be.at.least(1);

		// Nothing fails, so nothing should change.
		await cluster.sleep(2 * ELECTION_TIMEOUT_MS);
		const term2 = cluster.checkTerms();
		if (term2 !== term1) {
			cluster.warn(`the term went from ${term1} to ${term2} although no server failed and no message was lost`);
		}
		await cluster.checkOneLeader();
	});

	lab("ReElection", { servers: 3 }, async (cluster) => {
		const leader1 = await cluster.checkOneLeader();

		// The leader is cut off: the others elect a new one.
		cluster.disconnect(leader1);
		await cluster.checkOneLeader();

		// The old leader comes back: it must not disturb the new one.
		cluster.connect(leader1);
		const leader2 = await cluster.checkOneLeader();

		// Two of three are cut off: the one left must not become leader.
		const follower = next(cluster, leader2);
		disconnect(cluster, leader2, follower);
		await cluster.sleep(2 * ELECTION_TIMEOUT_MS);
		cluster.checkNoLeader();

		// A majority again: a leader again.
		cluster.connect(follower);
		await cluster.checkOneLeader();

		// The last one's return must not leave the cluster without a leader.
		cluster.connect(leader2);
		await cluster.checkOneLeader();
	});

	lab("ManyElections", { servers: 7 }, async (cluster) => {
		await cluster.checkOneLeader();

		for (let round = 1; round <= 9; round++) {
			// Three draws, which may coincide: at least four of seven stay, with or without the leader.
			const away = [cluster.rand(cluster.size), cluster.rand(cluster.size), cluster.rand(cluster.size)];
			disconnect(cluster, ...away);
			await cluster.checkOneLeader();
			connect(cluster, ...away);
		}

		await cluster.checkOneLeader();
	});
});
