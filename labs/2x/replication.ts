import type { Cluster } from "../../harness/index.ts";
import { leaders, peace, withClients } from "../attacks.ts";
import { lab } from "../lab.ts";
import { Stage } from "../stage.ts";
import { agree, connect, disconnect, everyone, expectAtMost, next, proposeRandom, restart } from "../steps.ts";

/** Stories about entries, their answers, and leaders that are leaders no more. */
export function replication(): void {
	for (const [id, plot] of [
		["DeposedLeader", "its request comes late"],
		["DeposedLeaderRaces", "its request comes at the same time"],
		["DeposedLeaderHears", "an answer comes late"],
		["DeposedLeaderSends", "it is deposed as it sends"],
	] as const) {
		lab(id, { servers: 5 }, async (cluster) => {
			const { adversary } = cluster;
			await agree(cluster, 5);
			const l1 = await cluster.checkOneLeader();
			const [f1, f2, l2, f3] = [1, 2, 3, 4].map((steps) => next(cluster, l1, steps)) as [
				number,
				number,
				number,
				number,
			];
			const stage = new Stage(cluster, "wait");
			const { mail } = stage;
			const answers = (from: number | readonly number[], to: number) => mail.deliver({ leg: "reply", from, to });
			const sent = { leg: "request", topic: "replication", from: l1 } as const;

			const isAsked =
				plot === "its request comes late" || plot === "its request comes at the same time" ? [f3, f1] : [f3, f2, l1];
			const asks = () =>
				mail.deliver({ leg: "request", topic: "election", from: l2, to: isAsked, term: stage.term(l2) });

			// The first leader has entries that the second one never hears of…
			if (plot === "it is deposed as it sends") {
				if (!(await stage.stand(l2, stage.term(l1) + 1))) return peace(cluster);
				stage.propose(l1, 2);
				asks();
			} else {
				stage.propose(l1, 2);
				if (!(await stage.until(() => mail.waiting({ ...sent, to: f1 }).length > 0, 30)))
					await pulse(cluster, stage, l1);
			}
			const old = mail.waiting({ ...sent, to: f2 });
			if (plot === "an answer comes late") {
				mail.deliver({ ...sent, to: f1 });
				mail.lose({ ...sent, to: f2 });
				await stage.settle();
			}
			// …nor do those who elect it.
			if (plot !== "it is deposed as it sends") {
				if (!(await stage.stand(l2, stage.term(l1) + 1))) return peace(cluster);
				asks();
			}
			await stage.until(() => {
				answers(everyone(cluster), l2);
				return stage.leads(l2);
			});
			if (!stage.leads(l2)) return peace(cluster);
			// It has another entry there, and brings it to F3 and F2: that is a majority.
			const term = stage.term(l2);
			const brings = (to: number | readonly number[]) =>
				mail.deliver({ leg: "request", topic: "replication", from: l2, to, term });
			stage.propose(l2, 1);
			adversary.startClock(l2);
			await stage.until(() => {
				brings(plot === "its request comes at the same time" ? f3 : [f2, f3]);
				answers([f2, f3], l2);
				return false;
			}, 160);
			adversary.stopClock(l2);
			if (plot === "its request comes at the same time") {
				brings(f2);
				for (const { rpc } of old) mail.deliver({ leg: "request", rpc });
				await stage.settle();
				answers(f2, l2);
				await stage.settle();
			}
			// Now what the first one has sent, or still sends, reaches F2.
			answers(everyone(cluster), l1);
			await stage.settle();
			await stage.settle();
			mail.deliver({ leg: "request", from: l1, to: f2 });
			await stage.settle();
			mail.lose();
			// And now it stands again, with the votes of those two.
			cluster.crash(l2);
			cluster.crash(f3);
			adversary.bounce(l1);
			await winAndCommit(stage, l1, [f1, f2]);
			await peace(cluster);
		});
	}

	for (const [id, plot] of [
		["OldOffice", "answers come late"],
		["OldOfficeRemembered", "answers come in time"],
	] as const) {
		lab(id, { servers: 5 }, async (cluster) => {
			const { adversary } = cluster;
			await agree(cluster, 5);
			const l1 = await cluster.checkOneLeader();
			const [f1, f2, l2, f3] = [1, 2, 3, 4].map((steps) => next(cluster, l1, steps)) as [
				number,
				number,
				number,
				number,
			];
			const stage = new Stage(cluster, "wait");
			const { mail } = stage;
			const live = (between: readonly number[]) => {
				mail.deliver({ leg: "request", from: between, to: between });
				mail.deliver({ leg: "reply", from: between, to: between });
				return false;
			};
			// The first leader brings several entries to F1 alone.
			stage.propose(l1, 8);
			if (
				!(await stage.until(
					() => mail.waiting({ leg: "request", topic: "replication", from: l1, to: f1 }).length > 0,
					100,
				))
			) {
				await pulse(cluster, stage, l1);
			}
			mail.deliver({ leg: "request", topic: "replication", from: l1, to: f1 });
			await stage.settle();
			const old = mail.waiting({ leg: "reply", from: f1, to: l1 });
			if (plot === "answers come in time") mail.deliver({ leg: "reply", from: f1, to: l1 });
			await stage.settle();
			mail.lose({ leg: "request" });
			// A second one, which lacks them, wins, and brings one of its own to all: theirs are gone.
			if (!(await electAmong(stage, l2, [f2, f3]))) return peace(cluster);
			stage.propose(l2, 1);
			adversary.startClock(l2);
			await stage.until(() => {
				mail.deliver({ leg: "request", topic: "replication", from: l2 });
				mail.deliver({ leg: "reply", to: l2 });
				return false;
			}, 400);
			adversary.stopClock(l2);
			mail.lose({ leg: "request" });
			// The first one is elected again, hears the old answers, and has one more entry for F2.
			if (!(await electAmong(stage, l1, [f2, f3]))) return peace(cluster);
			for (const { rpc } of old) mail.deliver({ leg: "reply", rpc });
			await stage.settle();
			stage.propose(l1, 1);
			adversary.startClock(l1);
			await stage.until(() => live([l1, f2]), 160);
			adversary.stopClock(l1);
			// That is on two servers of five. The others go on without them.
			mail.lose();
			disconnect(cluster, l1, f2);
			if (await electAmong(stage, l2, [f1, f3])) {
				stage.propose(l2, 1);
				adversary.startClock(l2);
				await stage.until(() => live([l2, f1, f3]), 160);
			}
			await peace(cluster);
		});
	}

	lab("TailOfAnOldLeader", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		const l1 = await cluster.checkOneLeader();
		const [f1, f2, l2, f3] = [1, 2, 3, 4].map((steps) => next(cluster, l1, steps)) as [number, number, number, number];
		const stage = new Stage(cluster, "wait");
		// The first leader brings several entries to F1 alone. A second one, which lacks them, brings one of its own to F1 and F2, and commits it.
		stage.propose(l1, 8);
		await stage.replicateBothWays(l1, [f1]);
		stage.mail.lose();
		if (!(await electAmong(stage, l2, [f2, f3]))) return peace(cluster);
		stage.propose(l2, 1);
		await stage.replicateBothWays(l2, [f1, f2], 300);
		stage.mail.lose();
		// The first one, which does not know of that, asks F1, which does.
		cluster.crash(l2);
		cluster.crash(f2);
		adversary.bounce(l1);
		await winAndCommit(stage, l1, [f1, f3]);
		await peace(cluster);
	});

	lab("Figure8Story", { servers: 5 }, async (cluster) => {
		await agree(cluster, 5);
		const s1 = await cluster.checkOneLeader();
		const [s2, s3, s4, s5] = [1, 2, 3, 4].map((steps) => next(cluster, s1, steps)) as [number, number, number, number];
		const stage = new Stage(cluster);
		// (a) S1 leads, and replicates an entry to S2 alone.
		stage.propose(s1);
		await stage.replicate(s1, [s2]);
		// (b) S1 crashes. S5 wins with the votes of S3 and S4, and has an entry of its own at that index.
		cluster.crash(s1);
		if (!(await stage.elect(s5, [s3, s4]))) return peace(cluster);
		stage.propose(s5);
		await stage.settle();
		// (c) S5 crashes. S1 is back, wins, and goes on replicating its old entry: S2 and S3 have it, a majority.
		cluster.crash(s5);
		restart(cluster, s1);
		if (!(await stage.elect(s1, [s2, s3]))) return peace(cluster);
		await stage.replicate(s1, [s2, s3]);
		// (d) S1 crashes. S5 is back, may win, and then replicates its own entry over that of S1, which must not have been committed.
		cluster.crash(s1);
		restart(cluster, s5);
		if (!(await stage.elect(s5, [s2, s3, s4]))) return peace(cluster);
		stage.propose(s5);
		await stage.replicate(s5, [s2, s3, s4]);
		await peace(cluster);
	});

	lab("Figure7Logs", { servers: 7 }, async (cluster) => {
		await agree(cluster, 7);
		const [a, b, c, d, e, f, leader] = everyone(cluster) as [number, number, number, number, number, number, number];
		const stage = new Stage(cluster);
		/** A term: somebody wins with these votes, and has so many entries, which reach those. */
		const leads = async (server: number, votes: readonly number[], ...entries: [number, readonly number[]][]) => {
			if (!(await stage.elect(server, votes))) return false;
			for (const [count, reached] of entries) {
				stage.propose(server, count);
				await stage.settle();
				if (reached.length > 0) await stage.replicate(server, reached);
			}
			return true;
		};
		// The logs of figure 7: f has what is nobody else's of terms 2 and 3; e has of 4 what others lack; and so on.
		const isSo =
			(await leads(f, [a, b, c, d], [3, [a, b, c, d, e, leader]])) &&
			(await leads(f, [a, b, c, d], [3, []])) &&
			(await leads(f, [a, b, c, d], [5, []])) &&
			(await leads(e, [a, b, c, d], [1, [a, b, c, d, leader]], [1, [a, c, d, leader]], [2, []])) &&
			(await leads(leader, [a, b, c, d], [2, [a, c, d]])) &&
			(await leads(c, [a, b, d, leader], [2, [a, d, leader]], [1, [d, leader]], [1, []])) &&
			(await leads(d, [a, b, e, leader], [2, []])) &&
			(await leads(leader, [a, b, e, f]));
		// The one at the top comes to power, and all must come to have its log.
		if (isSo) {
			stage.propose(leader);
			await stage.replicate(leader, [a, b, c, d, e, f], 300);
		}
		await peace(cluster);
	});

	lab("LateRefusal", { servers: 3 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		const leader = await cluster.checkOneLeader();
		const [away, other] = [next(cluster, leader, 1), next(cluster, leader, 2)];
		cluster.disconnect(away);
		for (let i = 0; i < 20; i++) cluster.server(leader).start(cluster.randomString(3_000));
		await agree(cluster, 2);
		// A leader that does not know what the third one lacks asks it, and its first refusals arrive when all has long been made good.
		for (const server of [leader, other]) adversary.bounce(server);
		await agree(cluster, 2);
		const isOld = new Set<number>();
		const backMs = cluster.nowMs;
		adversary.intercept(({ topic, leg, from, rpc }) => {
			if (from !== away || topic !== "replication" || leg !== "reply" || isOld.size >= 2) return undefined;
			isOld.add(rpc);
			return { kind: "late", ms: 900 };
		});
		cluster.connect(away);
		await agree(cluster, 3);
		await cluster.sleep(Math.max(0, backMs + 2_500 - cluster.nowMs));
		const bytes = cluster.bytesTotal();
		await cluster.sleep(1_000);
		expectAtMost(cluster, cluster.bytesTotal() - bytes, 60_000, "bytes in a second without commands");
		await peace(cluster);
	});

	lab("DeposedAndRestarted", { servers: 3 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		for (let round = 0; round < 3; round++) {
			// A leader that is alone takes commands that lead to nothing, and restarts with them…
			const alone = await cluster.checkOneLeader();
			cluster.disconnect(alone);
			const command = cluster.randomCommand();
			cluster.server(alone).start(command);
			proposeRandom(cluster, alone, 5);
			await cluster.sleep(60);
			if (round > 0) adversary.bounce(alone);
			// A client that gets no answer repeats its command elsewhere.
			await cluster.one(command, 2, true);
			if (round > 0) await agree(cluster, 2);
			// …or after the others' have taken their place.
			cluster.connect(alone);
			await cluster.sleep(400);
			await agree(cluster, 3);
			adversary.bounce(alone);
			await agree(cluster, 3);
		}
		await peace(cluster);
	});

	lab("LeaderAlone", { servers: 5 }, async (cluster) => {
		await agree(cluster, 5);
		for (let round = 0; round < 3; round++) {
			// A leader that nobody hears goes on taking its clients' commands; the others' go to its successor.
			const alone = await cluster.checkOneLeader();
			cluster.disconnect(alone);
			await withClients(cluster, 1_500 + cluster.rand(500), 60);
			if (cluster.rand(2) === 0) connect(cluster, alone);
			else {
				const other = leaders(cluster).find((server) => server !== alone) ?? next(cluster, alone);
				cluster.disconnect(other);
				cluster.connect(alone);
				await withClients(cluster, 500, 60);
				cluster.connect(other);
			}
			await cluster.sleep(400);
		}
		await peace(cluster);
	});
}

/** A leader's clock goes for a moment: for those that send only then. */
async function pulse(cluster: Cluster, stage: Stage, leader: number): Promise<void> {
	cluster.adversary.startClock(leader);
	await stage.until(() => false, 130);
	cluster.adversary.stopClock(leader);
}

/** A server stands, and these are asked: messages and answers alike reach those, and nobody else. */
async function electAmong(stage: Stage, candidate: number, voters: readonly number[]): Promise<boolean> {
	const { mail } = stage;
	for (let tries = 0; tries < 4 && !stage.leads(candidate); tries++) {
		if (!(await stage.stand(candidate))) return stage.leads(candidate);
		const term = stage.term(candidate);
		mail.deliver({ leg: "request", topic: "election", from: candidate, to: voters, term });
		await stage.until(() => {
			mail.deliver({ leg: "reply", from: voters, to: candidate });
			return stage.leads(candidate);
		});
	}
	return stage.leads(candidate);
}

/** A server wins with these votes, and has a command committed by them. */
async function winAndCommit(stage: Stage, candidate: number, voters: readonly number[]): Promise<void> {
	if (!(await electAmong(stage, candidate, voters))) return;
	stage.propose(candidate, 1);
	await stage.replicateBothWays(candidate, voters);
}
