import type { Cluster } from "../../harness/index.ts";
import { leaders, peace, proposeEverywhere, withClients } from "../attacks.ts";
import { lab } from "../lab.ts";
import { Stage } from "../stage.ts";
import { agree, connect, disconnect, everyone, expectAtMost, next } from "../steps.ts";

/** Stories about votes, terms and the times to stand. */
export function elections(): void {
	lab("RivalsInATerm", { servers: 3 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		const stage = new Stage(cluster);
		const { mail } = stage;
		for (const plot of [
			"knows the term",
			"votes and crashes",
			"is asked by both at once",
			"leader steps down",
		] as const) {
			// Server 0 is a candidate first: some take it for nobody.
			const a = plot === "leader steps down" ? cluster.rand(3) : 0;
			const [b, voter] =
				cluster.rand(2) === 0 ? [next(cluster, a, 1), next(cluster, a, 2)] : [next(cluster, a, 2), next(cluster, a, 1)];
			if (stage.leads(voter)) adversary.bounce(voter);
			mail.lose();
			// Two stand in one term, which is news to the third.
			if (plot === "knows the term") {
				if (!(await stage.stand(voter)) || !(await stage.standTogether(a, b, voter))) continue;
				// It hears of the term from an answer, and so without a vote.
				mail.deliver({ from: voter, to: a });
				await stage.until(() => stage.term(voter) === stage.term(a));
			} else if (!(await stage.standTogether(a, b, voter))) {
				continue;
			}
			const term = stage.term(a);
			if (plot === "is asked by both at once") {
				mail.deliver({ from: [a, b], to: voter, term });
				await stage.settle();
				// And they each other, who have voted for themselves.
				mail.deliver({ from: [a, b], to: [a, b], topic: "election", term });
				await stage.settle();
				continue;
			}
			if (plot !== "leader steps down") bounceAfterAnswer(cluster, voter);
			if (!(await stage.ask(a, voter))) continue;
			if (plot === "leader steps down") {
				// It hears from nobody, and steps down in its own term; perhaps.
				adversary.startClock(a);
				await stage.until(() => !stage.leads(a), 1_500);
				adversary.stopClock(a);
				mail.deliver({ from: b, to: a, topic: "election", term });
			}
			await stage.settle();
			mail.deliver({ from: b, to: voter, topic: "election", term });
			await stage.settle();
		}
		// One follows a leader of a term that is news to it, and has no entry to save: the term that it has told of must not go back.
		const [a, b, voter] = [0, 1, 2];
		mail.lose();
		if ((await stage.stand(a, Math.max(stage.term(b), stage.term(voter)) + 1)) && (await stage.ask(a, voter))) {
			mail.deliver({ from: a, to: b, topic: "replication" });
			await stage.settle();
			adversary.bounce(b);
			await stage.settle();
		}
		await peace(cluster);
	});

	lab("VotesOfThePast", { servers: 3 }, async (cluster) => {
		await agree(cluster, 3);
		for (const plot of ["candidate", "follower"] as const) {
			const stage = new Stage(cluster, "wait");
			const { mail } = stage;
			const a = cluster.rand(3);
			const [b, voter] = [next(cluster, a, 1), next(cluster, a, 2)];
			const voted = async (candidate: number) => {
				const term = stage.term(candidate);
				mail.deliver({ from: candidate, to: voter, leg: "request", topic: "election", term });
				return stage.until(() => mail.waiting({ leg: "reply", from: voter, to: candidate, term }).length > 0);
			};
			// A vote is on its way to A…
			if ((await stage.stand(a, stage.term(voter) + 1)) && (await voted(a))) {
				const old = mail.waiting({ leg: "reply", from: voter, to: a });
				// …when A stands again, and so does B, who gets that voter's vote in this term.
				if ((await stage.standTogether(a, b)) && (await voted(b))) {
					mail.deliver({ leg: "reply", from: voter, to: b });
					await stage.settle();
					if (plot === "follower") mail.deliver({ leg: "request", from: b, to: a, topic: "replication" });
					await stage.settle();
					for (const { rpc } of old) mail.deliver({ leg: "reply", rpc });
					await stage.settle();
				}
			}
			await peace(cluster);
		}
	});

	lab("OneVoterTwice", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		const stage = new Stage(cluster, "wait");
		const { mail } = stage;
		const [a, b, v, w] = [0, 1, 2, 3].map((steps) => next(cluster, cluster.rand(1), steps)) as [
			number,
			number,
			number,
			number,
		];
		const asked = (from: number, to: number) =>
			mail.waiting({ leg: "request", topic: "election", from, to, term: stage.term(from) }).length;
		// A and B stand in one term, and each asks one voter again, as there has been no answer.
		if (await stage.standTogether(a, b, Math.max(v, w))) {
			for (const [candidate, voter] of [
				[a, v],
				[b, w],
			] as const) {
				adversary.startClock(candidate);
				await stage.until(() => asked(candidate, voter) > 1, 140);
				adversary.stopClock(candidate);
				mail.deliver({ leg: "request", from: candidate, to: voter, topic: "election", term: stage.term(candidate) });
			}
			await stage.settle();
			mail.deliver({ leg: "reply", from: [v, w], to: [a, b] });
			await stage.settle();
		}
		await peace(cluster);
	});

	lab("SlowVotes", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		const leader = await cluster.checkOneLeader();
		// Of five, three are there. Votes take a while to come, though less than anybody's timeout; a repeated question may overtake the first answer.
		disconnect(cluster, leader, next(cluster, leader));
		const answers = new Map<string, number>();
		adversary.intercept(({ topic, leg, from, to, term }) => {
			if (topic !== "election" || leg !== "reply") return undefined;
			const which = `${from}>${to}/${term}`;
			answers.set(which, (answers.get(which) ?? 0) + 1);
			const begun = cluster.nowMs;
			const isFirst = answers.get(which) === 1;
			const isTwice = () => (answers.get(which) ?? 0) > 1;
			// The nearer voter's first answer comes when it has answered twice; its second one right after, and the other's answers after that.
			const isNear = from === Math.min(...voters(cluster).filter((server) => server !== to));
			if (!isNear) return { kind: "late", ms: isFirst ? 125 : Math.max(0, 125 - 0) };
			return isFirst ? adversary.until(() => isTwice() && cluster.nowMs > begun, 115) : { kind: "late", ms: 4 };
		});
		await cluster.checkOneLeader();
		connect(cluster, leader, next(cluster, leader));
		await peace(cluster);
	});

	lab("AllAtOnce", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		// All restart at the same moment. Whoever stands needs the others' votes before they stand, too: that takes a few milliseconds.
		adversary.intercept(({ topic }) => (topic === "election" ? { kind: "late", ms: 8 } : undefined));
		for (const server of everyone(cluster)) adversary.bounce(server);
		await waitForLeader(cluster, () => true, "after all had restarted at the same moment");
		await peace(cluster);
	});

	lab("StubbornVoter", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		const stubborn = await cluster.checkOneLeader();
		// It has entries that nobody else will ever have, and from now on never stands itself.
		cluster.disconnect(stubborn);
		for (let i = 0; i < 5; i++) cluster.server(stubborn).start(cluster.randomCommand());
		await cluster.sleep(200);
		adversary.stopClock(stubborn);
		cluster.connect(stubborn);
		// Its answer is always the first; what it sends besides is lost.
		adversary.intercept(({ topic, leg, from }) => {
			if (from === stubborn) return leg === "request" ? { kind: "lost" } : undefined;
			return topic === "election" && leg === "reply" ? { kind: "late", ms: 20 } : undefined;
		});
		await waitForLeader(
			cluster,
			(server) => server !== stubborn,
			"that one voter refuses, who has entries that nobody else has",
		);
		await peace(cluster);
	});

	lab("StaleCandidate", { servers: 5 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 5);
		const leader = await cluster.checkOneLeader();
		const stale = next(cluster, leader);
		cluster.disconnect(stale);
		await agree(cluster, 4);
		// The leader is gone; the one whose log is too old is back. Its clock is right, the others' are slow: it always stands before they do.
		cluster.disconnect(leader);
		for (const server of everyone(cluster)) if (server !== stale) adversary.startClock(server, 0.2);
		cluster.connect(stale);
		await waitForLeader(
			cluster,
			(server) => server !== stale && server !== leader,
			"while a server stands whose log is too old to win",
			24_000,
		);
		await peace(cluster);
	});

	lab("FarBehind", { servers: 3 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		const [far, behind, down] = [0, 1, 2];
		// One is alone for long, and in a far later term than the others.
		cluster.crash(down);
		disconnect(cluster, far, behind);
		for (const server of [far, behind]) adversary.bounce(server);
		adversary.stopClock(behind);
		const enough = adversary.stateOf(behind).term + 25;
		for (let i = 0; i < 200 && adversary.stateOf(far).term < enough; i++) await cluster.sleep(100);
		// Now it hardly does more than answer, and what it asks is lost: the other one must become leader, and needs its vote.
		adversary.intercept(({ leg, from }) => (leg === "request" && from === far ? { kind: "lost" } : undefined));
		adversary.startClock(far, 0.1);
		if (cluster.server(far).getState().isLeader) adversary.bounce(far);
		adversary.startClock(behind);
		connect(cluster, far, behind);
		await waitForLeader(cluster, (server) => server === behind, "when the voter it needs is in a far later term");
		await peace(cluster);
	});

	lab("DeposedForNobody", { servers: 3 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		const leader = await cluster.checkOneLeader();
		const [stale, down] = [next(cluster, leader, 1), next(cluster, leader, 2)];
		// One that lacks entries is in a later term: it can depose the leader, and not take its place.
		cluster.disconnect(stale);
		await agree(cluster, 2);
		const { term } = adversary.stateOf(leader);
		for (let i = 0; i < 60 && adversary.stateOf(stale).term <= term; i++) await cluster.sleep(50);
		cluster.crash(down);
		cluster.connect(stale);
		for (let i = 0; i < 60 && adversary.stateOf(leader).isLeader; i++) await cluster.sleep(20);
		adversary.startClock(stale, 0.1);
		await waitForLeader(
			cluster,
			(server) => server === leader,
			"though the leader that was deposed had only to stand again",
		);
		await peace(cluster);
	});

	lab("LongReign", { servers: 5 }, async (cluster) => {
		await agree(cluster, 5);
		const leader = await cluster.checkOneLeader();
		const before = cluster.checkTerms();
		// Nothing happens at all: there is no reason for an election.
		await withClients(cluster, 6_000, 200);
		const { term } = cluster.server(leader).getState();
		expectAtMost(cluster, term - before, 5, "elections in six seconds without trouble");
		await peace(cluster);
	});

	lab("LaterTermOlderLog", { servers: 3 }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		const leader = await cluster.checkOneLeader();
		const [away, other] = [next(cluster, leader, 1), next(cluster, leader, 2)];
		cluster.disconnect(away);
		for (let i = 0; i < 3; i++) await agree(cluster, 2);
		// One that lacks what has been committed stands in term after term, alone, and restarts.
		const stage = new Stage(cluster);
		if (await stage.stand(away, stage.term(leader) + 3)) {
			adversary.bounce(away);
			await stage.settle();
			cluster.crash(leader);
			cluster.connect(away);
			// Nobody but those two is there: it must not win, whatever its term is.
			if (await stage.elect(away, [other])) {
				stage.propose(away);
				await stage.replicate(away, [other]);
			}
		}
		await peace(cluster);
	});
}

/** A server crashes and restarts at once the next time that an answer of its has left. */
function bounceAfterAnswer(cluster: Cluster, server: number): void {
	const { adversary } = cluster;
	let isDone = false;
	adversary.whenSent(({ leg, from }) => {
		if (isDone || leg !== "reply" || from !== server) return;
		isDone = true;
		adversary.bounce(server);
	});
}

/** Servers that are there. */
function voters(cluster: Cluster): number[] {
	return everyone(cluster).filter((server) => cluster.isRunning(server) && cluster.isConnected(server));
}

/** Waits until one of these leads, at least for a moment. */
async function waitForLeader(
	cluster: Cluster,
	isExpected: (server: number) => boolean,
	circumstances: string,
	withinMs = 6_000,
): Promise<void> {
	const beganMs = cluster.nowMs;
	let hasLed = leaders(cluster).some(isExpected);
	cluster.adversary.when(
		(event) => event.kind === "state" && event.isLeader && isExpected(event.server),
		() => {
			hasLed = true;
		},
	);
	while (!hasLed) {
		if (cluster.nowMs - beganMs > withinMs)
			cluster.fail(`nobody was elected in ${withinMs / 1000} s, ${circumstances}`);
		await cluster.sleep(10);
	}
	cluster.noteLimit("ms until a leader", cluster.nowMs - beganMs, withinMs);
	proposeEverywhere(cluster);
}
