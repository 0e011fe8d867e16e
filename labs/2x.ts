import type { Cluster } from "../harness/index.ts";
import { elections } from "./2x/elections.ts";
import { replication } from "./2x/replication.ts";
import { snapshots } from "./2x/snapshots.ts";
import { peace, unsettle, withClients } from "./attacks.ts";
import { lab } from "./lab.ts";
import { agree, everyone } from "./steps.ts";

describe("2X: trouble at the worst moment", () => {
	elections();
	replication();
	snapshots();

	// The rest leaves more to chance: it knows what trouble there is to be, and not where it leads.

	lab("VotersCrash", { servers: 3 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		// Rivals stand in the same term, ask one after the other, and hear late of whoever has won…
		adversary.intercept(({ topic, leg, chance }) =>
			leg === "request" ? { kind: "late", ms: (topic === "election" ? 400 : 600) * chance() } : undefined,
		);
		// …a voter that has crashed and restarted in between.
		adversary.whenSent(({ topic, leg, from }) => {
			if (topic === "election" && leg === "reply") adversary.bounce(from);
		});
		for (let round = 0; round < 8; round++) {
			// Nobody leads: all servers are candidates, or voters.
			for (const server of everyone(cluster)) if (adversary.stateOf(server).isLeader) adversary.bounce(server);
			// One that was away is in a term of its own, of which others hear without voting in it.
			const away = cluster.rand(3);
			cluster.disconnect(away);
			await withClients(cluster, cluster.rand(900), 100);
			cluster.connect(away);
			await withClients(cluster, 400 + cluster.rand(600), 100);
		}
		await peace(cluster);
	});

	lab("CandidatesCrash", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		adversary.intercept(({ topic, leg, chance }) =>
			topic === "election" && leg === "request" ? { kind: "late", ms: 200 * chance() } : undefined,
		);
		// A candidate restarts as soon as somebody has been asked.
		adversary.whenSent(({ topic, leg, from, chance }) => {
			if (topic === "election" && leg === "request" && chance(1) < 0.15) adversary.bounce(from);
		});
		await unsettle(cluster, 5);
		await peace(cluster);
	});

	lab("OldVotes", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		adversary.intercept(({ topic, leg, to, chance }) => {
			if (topic !== "election") return undefined;
			if (leg === "request") return { kind: "late", ms: 150 * chance() };
			if (chance() < 0.4) return undefined;
			// The answer arrives when its candidate stands for election again.
			const { term } = adversary.stateOf(to);
			return adversary.until(() => adversary.stateOf(to).term > term, 3_000);
		});
		await unsettle(cluster, 5);
		await peace(cluster);
	});

	lab("FollowersCrash", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		// A follower restarts as soon as it has acknowledged.
		adversary.whenSent(({ topic, leg, from, chance }) => {
			if (topic === "replication" && leg === "reply" && chance() < 0.04) adversary.bounce(from);
		});
		await unsettle(cluster, 4);
		await peace(cluster);
	});

	lab("OldAcknowledgements", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		adversary.intercept(({ topic, leg, to, chance }) => {
			if (topic !== "replication" || leg !== "reply") return undefined;
			if (chance() < 0.3) return { kind: "late", ms: 600 * chance(1) };
			if (chance() > 0.6) return undefined;
			// The answer arrives when its leader has lost the leadership and won it again.
			const { term } = adversary.stateOf(to);
			return adversary.until(() => adversary.stateOf(to).term > term && adversary.stateOf(to).isLeader, 6_000);
		});
		await unsettle(cluster, 5);
		await peace(cluster);
	});

	lab("EverythingTwice", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		adversary.intercept(({ leg, chance }) =>
			leg === "request" && chance() < 0.5 ? { kind: "twice", afterMs: 800 * chance(1) } : undefined,
		);
		await unsettle(cluster, 6);
		await peace(cluster);
	});

	lab("OutOfOrder", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		// One message in four takes long, in either direction: later ones overtake it.
		adversary.intercept(({ chance }) => (chance() < 0.25 ? { kind: "late", ms: 500 * chance(1) } : undefined));
		await unsettle(cluster, 6);
		await peace(cluster);
	});

	lab("CutAtCommit", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		// A leader disappears when it has applied a command of which no follower knows yet that it is committed.
		adversary.when(
			(event) => event.kind === "apply" && adversary.stateOf(event.server).isLeader,
			(event) => {
				if (event.kind === "apply" && cluster.rand(10) === 0) cutOffFor(cluster, event.server, 700);
			},
		);
		await withClients(cluster, 15_000, 100);
		await peace(cluster);
	});

	lab("RestartAtCommit", { servers: 3 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		// All servers restart when the first of them has applied a command.
		let latest = 1;
		adversary.when(
			(event) => event.kind === "apply" && event.index > latest,
			(event) => {
				if (event.kind !== "apply" || event.index <= latest) return;
				latest = event.index;
				if (cluster.rand(3) === 0) for (const server of everyone(cluster)) adversary.bounce(server);
			},
		);
		await withClients(cluster, 8_000, 150);
		await peace(cluster);
	});

	lab("Minorities", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		// For a while, what a leader sends reaches only some of the others; then it restarts.
		let reached = new Set(everyone(cluster));
		adversary.intercept(({ topic, leg, to }) =>
			topic === "replication" && leg === "request" && !reached.has(to) ? { kind: "lost" } : undefined,
		);
		for (let round = 0; round < 8; round++) {
			reached = new Set(everyone(cluster).filter(() => cluster.rand(2) === 0));
			await withClients(cluster, 200 + cluster.rand(500));
			for (const server of everyone(cluster)) {
				if (adversary.stateOf(server).isLeader && cluster.rand(2) === 0) adversary.bounce(server);
			}
			reached = new Set(everyone(cluster));
			await withClients(cluster, 300 + cluster.rand(500));
		}
		await peace(cluster);
	});

	lab("OneWay", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		// Some servers can send to some others, but not hear from them.
		let cut = new Set<string>();
		adversary.intercept(({ from, to }) => (cut.has(`${from}>${to}`) ? { kind: "lost" } : undefined));
		for (let round = 0; round < 8; round++) {
			const pairs = everyone(cluster).flatMap((from) => everyone(cluster).map((to) => `${from}>${to}`));
			cut = new Set(pairs.filter(() => cluster.rand(4) === 0));
			await withClients(cluster, 500 + cluster.rand(700));
		}
		await peace(cluster);
	});

	lab("ClocksAstray", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		// Clocks run slow, stand still, and go on: whoever led may take itself for the leader long after others have another.
		for (let round = 0; round < 8; round++) {
			for (const server of everyone(cluster)) adversary.startClock(server, [0, 0.25, 0.5, 1, 1][cluster.rand(5)]);
			await withClients(cluster, 500 + cluster.rand(500), 60);
			for (const server of everyone(cluster)) adversary.startClock(server);
			await withClients(cluster, 300 + cluster.rand(300), 60);
		}
		await peace(cluster);
	});

	lab("LeaderPauses", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		// A leader's machine stops, for longer than it takes to elect another; then it goes on as if nothing had been.
		for (let round = 0; round < 6; round++) {
			await withClients(cluster, 400 + cluster.rand(400));
			for (const server of everyone(cluster)) {
				if (adversary.stateOf(server).isLeader) adversary.pause(server, 600 + cluster.rand(1_500));
			}
			await withClients(cluster, 600 + cluster.rand(600));
		}
		await peace(cluster);
	});

	lab("SnapshotsAndCrashes", { servers: 3, snapshots: true }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		// A server restarts as soon as it has answered; one that was away for long has just been sent a snapshot.
		adversary.whenSent(({ topic, leg, from, chance }) => {
			if (topic === "replication" && leg === "reply" && chance() < 0.04) adversary.bounce(from);
		});
		for (let round = 0; round < 5; round++) {
			const away = cluster.rand(3);
			cluster.disconnect(away);
			await withClients(cluster, 700);
			cluster.connect(away);
			await withClients(cluster, 400);
		}
		await peace(cluster);
	});

	lab("LateSnapshots", { servers: 3, snapshots: true }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		// What a leader sends comes late, twice, and in any order: old snapshots after new entries.
		adversary.intercept(({ topic, leg, chance }) => {
			if (topic !== "replication" || leg !== "request") return undefined;
			if (chance() < 0.2) return { kind: "late", ms: 700 * chance(1) };
			return chance() < 0.5 ? { kind: "twice", afterMs: 700 * chance(2) } : undefined;
		});
		for (let round = 0; round < 6; round++) {
			const away = cluster.rand(3);
			cluster.disconnect(away);
			await withClients(cluster, 600);
			cluster.connect(away);
			await withClients(cluster, 500);
		}
		await peace(cluster);
	});

	lab("SevenInTrouble", { servers: 7 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 7);
		// A little of everything.
		adversary.intercept(({ topic, leg, chance }) => {
			if (chance() < 0.05) return { kind: "lost" };
			if (chance() < 0.15) return { kind: "late", ms: 400 * chance(1) };
			if (topic === "election" && leg === "request") return { kind: "late", ms: 200 * chance(2) };
			return leg === "request" && chance(3) < 0.1 ? { kind: "twice", afterMs: 500 * chance(4) } : undefined;
		});
		adversary.whenSent(({ leg, from, topic, chance }) => {
			if (leg === "reply" && chance(5) < (topic === "election" ? 0.3 : 0.02)) adversary.bounce(from);
		});
		await unsettle(cluster, 4);
		await peace(cluster);
	});
});

/** Cuts a server off, and connects it again after a while. */
function cutOffFor(cluster: Cluster, server: number, ms: number): void {
	cluster.disconnect(server);
	cluster.sleep(ms).then(() => cluster.connect(server));
}
